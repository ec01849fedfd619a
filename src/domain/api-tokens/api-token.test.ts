import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Scope, SCOPES } from '#foundation/kernel/principal.ts'
import { CLOCK_TOLERANCE, days, hours, minutes } from '#foundation/kernel/time.ts'
import { principalUser } from '#test/support/people/principal-user.ts'
import { apiTokenStatus, fieldErrorsInToken, mayUseTokens, scopesFor, scopesIn } from './api-token.ts'

const NOW = 1_800_000_000_000

const ADA = principalUser({ createdAt: NOW, secondFactorAt: NOW })
const ROOT = principalUser({ role: 'admin', createdAt: NOW, secondFactorAt: NOW })
const WANTED = { name: 'Nightly report', scopes: ['self:read'], expiresAt: NOW + days(90) } as const

const codesIn = (wanted: object, user = ADA): string[] =>
  fieldErrorsInToken({ ...WANTED, ...wanted }, user, NOW).map(({ pointer, code }) => `${pointer} ${code}`)

test('a token is valid until it expires, and not after it is revoked', () => {
  const living = { revokedAt: null, expiresAt: NOW, lastUsedAt: NOW - 2 }
  assert.equal(apiTokenStatus(living, NOW - 1), 'fresh')
  assert.equal(apiTokenStatus(living, NOW), 'expired')
  assert.equal(apiTokenStatus({ ...living, revokedAt: NOW - 5 }, NOW - 1), 'revoked')
})

test('the last use of a token is written at the first use, and a minute after the last written one', () => {
  const living = { revokedAt: null, expiresAt: NOW + days(1) }
  assert.equal(apiTokenStatus({ ...living, lastUsedAt: null }, NOW), 'due-for-touch')
  assert.equal(apiTokenStatus({ ...living, lastUsedAt: NOW - minutes(1) + 1 }, NOW), 'fresh')
  assert.equal(apiTokenStatus({ ...living, lastUsedAt: NOW - minutes(1) }, NOW), 'due-for-touch')
  assert.equal(apiTokenStatus({ ...living, lastUsedAt: NOW + CLOCK_TOLERANCE }, NOW), 'fresh')
  assert.equal(apiTokenStatus({ ...living, lastUsedAt: NOW + CLOCK_TOLERANCE + 1 }, NOW), 'due-for-touch')
})

test('a token lives from one hour to 366 days', () => {
  const expiring = (lifetime: number): string[] => codesIn({ expiresAt: NOW + lifetime })
  for (const lifetime of [hours(1), days(366)]) assert.deepEqual(expiring(lifetime), [])
  for (const lifetime of [hours(1) - 1, days(366) + 1, 0, -days(1), Number.NaN]) {
    assert.deepEqual(expiring(lifetime), ['/expires_at api_token.expiry'])
  }
})

test('a name is one to 64 characters that can be shown', () => {
  for (const name of ['a', 'ü'.repeat(64), '🐦'.repeat(64), 'Backup “nightly”']) assert.deepEqual(codesIn({ name }), [])
  assert.deepEqual(codesIn({ name: ' ' }), ['/name field.missing'])
  assert.deepEqual(codesIn({ name: 'n'.repeat(65) }), ['/name field.too_long'])
  for (const name of ['a\nb', 'a\u202Eb']) assert.deepEqual(codesIn({ name }), ['/name field.characters'])
})

test('a user cannot create a token with more rights than their own', () => {
  const lapsed = { ...ROOT, secondFactorAt: null }
  assert.deepEqual(codesIn({ scopes: [] }), ['/scopes api_token.no_scope'])
  for (const scope of SCOPES) {
    const own = scope.startsWith('self:')
    assert.deepEqual(codesIn({ scopes: [scope] }, ROOT), [])
    assert.deepEqual(codesIn({ scopes: [scope] }, ADA), own ? [] : ['/scopes api_token.scope_beyond'])
    assert.equal(scopesFor(lapsed).includes(scope), own)
  }
})

test('the tokens of a disabled user, or of one without a required second factor, are not valid', () => {
  assert.deepEqual([mayUseTokens(ADA, true), mayUseTokens(ADA, false)], [true, false])
  for (const meetsPolicy of [true, false]) assert.equal(mayUseTokens({ ...ADA, disabled: true }, meetsPolicy), false)
})

test('any stored text yields known scopes only, each once', () => {
  const known = fc.subarray<Scope>([...SCOPES])
  fc.assert(
    fc.property(known, fc.array(fc.string()), (scopes, noise) => {
      const foreign = noise.filter((word) => !word.split(' ').some((one) => SCOPES.some((scope) => scope === one)))
      assert.deepEqual(scopesIn([...foreign, ...scopes, ...scopes].join(' ')), scopes)
    }),
  )
})
