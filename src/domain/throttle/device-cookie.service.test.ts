import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Principal, PrincipalUser, SessionFacts, SessionTerms } from '#foundation/kernel/principal.ts'
import { generateKeyring, newKey } from '#foundation/platform/crypto/keyring-file.ts'
import { keyringOf } from '#foundation/platform/crypto/keyring.ts'
import { randomBytes } from '#foundation/platform/system.ts'
import { newKeyring, STRANGER } from '#test/support/databases/stores.ts'
import { anyText } from '#test/support/generators/any-text.ts'
import { deviceCookieOwner, issueDeviceCookie, readEntries } from './device-cookie.service.ts'
import { bucketsFor, bucketsForLogin } from './guess.service.ts'

const KEYRING = newKeyring()
const ADA = { subject: '0198c2f4-1111-7000-8000-00000000000a', credentialEpoch: 3 }
const BOB = { subject: '0198c2f4-1111-7000-8000-00000000000b', credentialEpoch: 3 }

/** A request with this device cookie. */
function keeping(deviceCookie: string | null, keyring = KEYRING) {
  const principal: Principal = { ...STRANGER, source: { ...STRANGER.source, deviceCookie } }
  return { keyring, random: randomBytes, principal }
}

/** The device cookie after these users have signed in one after the other. */
function after(...users: readonly (typeof ADA)[]): string {
  return users.reduce<string | null>((kept, user) => issueDeviceCookie(keeping(kept), user).reveal(), null) ?? ''
}

test('a browser in which a user signed in keeps one device id for that user', () => {
  const kept = after(ADA)
  const id = deviceCookieOwner(keeping(kept), ADA)
  assert.match(id ?? '', /^[\w-]{22}$/)
  const again = issueDeviceCookie(keeping(kept), ADA).reveal()
  assert.equal(again, kept)
  assert.notEqual(deviceCookieOwner(keeping(after(ADA)), ADA), id)
})

test('a device cookie holds neither a name nor a subject', () => {
  assert.match(after(ADA), /^[\w-]{22}\.3\.[\w-]{43}$/)
  assert.ok(!after(ADA, BOB).includes(ADA.subject.slice(-12)))
})

test('a device cookie holds the entries of at most five users, the newest first, each recognized for its own user only', () => {
  const users = Array.from({ length: 7 }, (_, number) => ({ subject: `subject-${number}`, credentialEpoch: number }))
  const kept = keeping(after(...users))
  const known = users.map((user) => deviceCookieOwner(kept, user))
  assert.deepEqual(
    known.map((id) => id !== null),
    [false, false, true, true, true, true, true],
  )
  assert.equal(new Set(known.slice(2)).size, 5)
  assert.equal(readEntries(kept.principal.source.deviceCookie)[0]?.id, known[6])
  const again = readEntries(issueDeviceCookie(kept, users[2] ?? ADA).reveal())
  assert.deepEqual([again.length, again[0]?.id], [5, known[2]])
  assert.ok(after(...users).length < 500)
})

test('a change of credentials ends the entry of a device cookie; the next sign-in has the same device id', () => {
  const kept = after(ADA)
  const changed = { ...ADA, credentialEpoch: 4 }
  assert.equal(deviceCookieOwner(keeping(kept), changed), null)
  const renewed = issueDeviceCookie(keeping(kept), changed).reveal()
  assert.equal(readEntries(renewed).length, 1)
  assert.equal(deviceCookieOwner(keeping(renewed), changed), deviceCookieOwner(keeping(kept), ADA))
  assert.equal(deviceCookieOwner(keeping(renewed), ADA), null)
})

test('a device cookie of another user, another epoch, another key or with any character changed is ignored', () => {
  const kept = after(ADA)
  assert.equal(deviceCookieOwner(keeping(kept), BOB), null)
  assert.equal(deviceCookieOwner(keeping(kept, newKeyring()), ADA), null)
  assert.equal(deviceCookieOwner(keeping(kept.replace('.3.', '.4.')), { ...ADA, credentialEpoch: 4 }), null)
  fc.assert(
    fc.property(fc.nat(kept.length - 1), fc.constantFrom('a', 'A', '0', '_', '-', '.', '~'), (index, put) => {
      const changed = kept.slice(0, index) + put + kept.slice(index + 1)
      assert.equal(deviceCookieOwner(keeping(changed), ADA) === null, changed !== kept, changed)
    }),
  )
})

test('any value of the cookie is read without an error, and at most five entries of it', () => {
  const good = after(ADA)
  const text = fc.oneof(
    anyText(),
    fc.array(fc.constantFrom(good, '', 'x', '~', '.')).map((some) => some.join('~')),
  )
  fc.assert(
    fc.property(text, (kept) => {
      assert.ok(readEntries(kept).length <= 5)
      const written = issueDeviceCookie(keeping(kept), ADA).reveal()
      assert.match(written, /^[\w.~-]{1,500}$/)
      assert.ok(deviceCookieOwner(keeping(written), ADA) !== null)
    }),
  )
  assert.deepEqual(readEntries(null), [])
})

test('an entry signed by an older key is valid until the key is removed', () => {
  const file = generateKeyring(randomBytes, 0)
  const kept = issueDeviceCookie(keeping(null, keyringOf(file, randomBytes)), ADA).reveal()
  const newer = { ...file, keys: [...file.keys, newKey('device', randomBytes, 1)] }
  assert.notEqual(deviceCookieOwner(keeping(kept, keyringOf(newer, randomBytes)), ADA), null)
  const rid = { ...file, keys: newer.keys.filter(({ created_at: at, purpose }) => purpose !== 'device' || at === 1) }
  assert.equal(deviceCookieOwner(keeping(kept, keyringOf(rid, randomBytes)), ADA), null)
})

const session = { id: 's', transport: 'cookie' } as SessionFacts
const terms = {} as SessionTerms

/** The same request with a session of this user. */
function signedInAs(user: typeof ADA, kept: string | null) {
  const { principal, ...deps } = keeping(kept)
  return {
    ...deps,
    principal: { kind: 'session', source: principal.source, user: user as PrincipalUser, session, terms } as const,
  }
}

test('the client class decides in which bucket a guess counts: untrusted clients, one device cookie, or the sessions', () => {
  const factors = ['password', 'code'] as const
  const untrusted = { network: '192.0.2.1', buckets: [`user:${ADA.subject}:password`, `user:${ADA.subject}:code`] }
  const id = deviceCookieOwner(keeping(after(ADA)), ADA)
  const deviceClient = { network: null, buckets: untrusted.buckets.map((key) => `${key}:${id}`) }
  const sessions = { network: null, buckets: untrusted.buckets.map((key) => `${key}:session`) }
  const kept = after(ADA)
  const own = {
    ...deviceClient,
    buckets: untrusted.buckets.map((key) => `${key}:${deviceCookieOwner(keeping(kept), ADA)}`),
  }
  assert.deepEqual(bucketsFor(keeping(null), ADA, factors), untrusted)
  assert.deepEqual(bucketsFor(keeping(after(BOB)), ADA, factors), untrusted)
  assert.deepEqual(bucketsFor(keeping('garbage'), ADA, factors), untrusted)
  assert.deepEqual(bucketsFor(keeping(kept), ADA, factors), own)
  assert.deepEqual(bucketsFor(signedInAs(BOB, null), ADA, factors), untrusted)
  assert.deepEqual(bucketsFor(signedInAs(BOB, kept), ADA, factors), own)
  assert.deepEqual(bucketsFor(signedInAs(ADA, null), ADA, factors), sessions)
  assert.deepEqual(bucketsFor(signedInAs(ADA, kept), ADA, factors), sessions)
})

test('a guess computes as many MACs for an unknown username as for a known one', () => {
  let computed = 0
  const keyring = {
    ...KEYRING,
    mac: (...given: Parameters<typeof KEYRING.mac>) => ((computed += 1), KEYRING.mac(...given)),
    macWith: (id: string, text: string) => ((computed += 1), KEYRING.macWith(id, text)),
  }
  const costOf = (user: typeof ADA | undefined): number => {
    computed = 0
    bucketsForLogin({ ...keeping(after(BOB, BOB)), keyring }, 'name', user, ['password'])
    return computed
  }
  assert.deepEqual([costOf(ADA), costOf(undefined)], [2, 2])
})

test('a guess at an unknown username counts as one of an untrusted client, at a known one by the class of the client', () => {
  const factors = ['password', 'recovery'] as const
  const { network, buckets } = bucketsForLogin(keeping(null), 'nobody', undefined, factors)
  assert.equal(network, '192.0.2.1')
  assert.match(buckets.join(' '), /^name:\d+:password name:\d+:recovery$/)
  const ctx = keeping(after(ADA))
  assert.deepEqual(bucketsForLogin(ctx, 'ada', ADA, factors), bucketsFor(ctx, ADA, factors))
})
