import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertUser } from '#domain/users/user.service.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { signedInAs, wholeContext } from '#test/support/people/principals.ts'
import { fulfils, stricterOf } from './reauthentication.ts'
import { recordReauthentication } from './renewal.service.ts'
import { endSession } from './session.service.ts'

onBothEngines('a session stores all methods ever verified in it, and the last ones', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const user = await insertUser(ctx, { username: 'ada', role: 'user' })
  const { session } = (await signedInAs(ctx, user)).principal
  assert.ok(await recordReauthentication(ctx, { session, methods: ['passkey'] }))
  const row = await db.selectFrom('session').select(['methods', 'authentication_methods']).executeTakeFirstOrThrow()
  assert.deepEqual({ ...row }, { methods: 'password totp passkey', authentication_methods: 'passkey' })
})

onBothEngines('a session that has ended gets no new token by re-authentication', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const user = await insertUser(ctx, { username: 'ada', role: 'user' })
  const { session } = (await signedInAs(ctx, user)).principal
  const hashes = () => db.selectFrom('session').select('token_hash').execute()
  const before = await hashes()
  assert.ok(await endSession(ctx, { subject: user.subject, id: session.id }))
  assert.equal(await recordReauthentication(ctx, { session, methods: ['passkey'] }), undefined)
  assert.deepEqual(await hashes(), before)
})

test('an authentication fulfils what is required by its time and by the factors that were verified then', () => {
  const at = { authenticatedAt: 1000 }
  const cases = [
    [['password', 'totp'], {}, true],
    [['password', 'totp'], { since: 1000 }, true],
    [['password', 'totp'], { since: 1001 }, false],
    [['password', 'totp'], { least: 'two-factors' }, true],
    [['password', 'totp'], { least: 'phishing-resistant' }, false],
    [['password', 'recovery-code'], { least: 'phishing-resistant' }, false],
    [['password', 'remembered-device'], { least: 'two-factors' }, false],
    [['passkey'], { since: 1000, least: 'phishing-resistant' }, true],
    [['passkey'], { since: 1001, least: 'phishing-resistant' }, false],
    [['totp'], { least: 'one-factor' }, false],
  ] as const
  for (const [authenticationMethods, required, expected] of cases)
    assert.equal(
      fulfils({ ...at, authenticationMethods }, required),
      expected,
      JSON.stringify([authenticationMethods, required]),
    )
})

test('of two requirements the later instant and the higher level remain', () => {
  const cases = [
    [{}, {}, { since: undefined, least: undefined }],
    [{ since: 1 }, {}, { since: 1, least: undefined }],
    [{ since: 1 }, { since: 2 }, { since: 2, least: undefined }],
    [{ least: 'two-factors' }, { since: 0 }, { since: 0, least: 'two-factors' }],
    [
      { least: 'two-factors', since: 3 },
      { least: 'phishing-resistant', since: 2 },
      { since: 3, least: 'phishing-resistant' },
    ],
    [{ least: 'one-factor' }, { least: 'two-factors' }, { since: undefined, least: 'two-factors' }],
  ] as const
  for (const [one, other, expected] of cases) {
    assert.deepEqual(stricterOf(one, other), expected)
    assert.deepEqual(stricterOf(other, one), expected)
  }
})
