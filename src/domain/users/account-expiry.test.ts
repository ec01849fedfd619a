import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LAST_INSTANT } from '#foundation/kernel/time.ts'
import { principalUser } from '#test/support/people/principal-user.ts'
import { EXPIRY_NOTICES, fieldErrorsInExpiry, isActingAdmin, isExpired } from './account-expiry.ts'

const NOW = 1_900_000_000_000

const ends: [name: string, expiresAt: number | null, expired: boolean][] = [
  ['without an end', null, false],
  ['a millisecond before the end', NOW + 1, false],
  ['at the end itself', NOW, true],
  ['after the end', NOW - 1, true],
  ['with an end that cannot be read, which is stored as 1970', 0, true],
]
for (const [name, expiresAt, expired] of ends) {
  test(`an account is ${expired ? 'expired' : 'open'} ${name}`, () =>
    assert.equal(isExpired({ expiresAt }, NOW), expired))
}

test('a new end lies in the future, within what a date can hold', () => {
  for (const fine of [undefined, null, NOW + 1, LAST_INSTANT]) assert.deepEqual(fieldErrorsInExpiry(fine, NOW), [])
  for (const wrong of [NOW, NOW - 1, 0, LAST_INSTANT + 1])
    assert.deepEqual(fieldErrorsInExpiry(wrong, NOW), [{ pointer: '/expires_at', code: 'user.expiry_past' }])
})

test('only an enabled admin with a second factor is an acting admin, whether expired or not', () => {
  const admin = principalUser({ role: 'admin', secondFactorAt: 1, expiresAt: 1 })
  assert.ok(isActingAdmin(admin))
  assert.ok(!isActingAdmin({ ...admin, role: 'user' }))
  assert.ok(!isActingAdmin({ ...admin, disabled: true }))
  assert.ok(!isActingAdmin({ ...admin, secondFactorAt: null }))
})

test('the notices come in the order of their stages, each nearer to the end', () => {
  const [first, second, third] = EXPIRY_NOTICES
  assert.ok(first.before > second.before && second.before > third.before && third.before === 0)
})
