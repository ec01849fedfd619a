import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ageCountsAt, isRecent, reachesLevel } from './client-access.ts'

const NOW = 10_000_000

const LEVELS: readonly [
  level: 'two-factors' | 'phishing-resistant' | null,
  grant: string,
  session: string | undefined,
  reaches: boolean,
][] = [
  [null, 'password', 'password', true],
  ['two-factors', 'password totp', undefined, true],
  ['two-factors', 'password', undefined, false],
  ['two-factors', 'password totp', 'password totp', true],
  ['two-factors', 'passkey', 'passkey', true],
  ['phishing-resistant', 'password totp', undefined, false],
  ['phishing-resistant', 'password passkey', 'password passkey totp', true],
  // A grant of before does not become stronger by what the session verified afterwards,
  ['two-factors', 'password remembered-device', 'password remembered-device totp', false],
  // nor does a grant that a weaker session took over keep it strong.
  ['two-factors', 'password totp', 'password remembered-device', false],
]

test('a level is reached by the factors of the grant and by those of the session that holds it', () => {
  for (const [leastAssurance, grant, session, reaches] of LEVELS) {
    const authentications = {
      grant: { methods: grant.split(' '), authenticatedAt: 0 },
      session: session === undefined ? undefined : { methods: session.split(' '), authenticatedAt: 0 },
    }
    assert.equal(reachesLevel({ leastAssurance }, authentications), reaches, `${leastAssurance}: ${grant}, ${session}`)
  }
})

test('an age counts from the authentication of the session, and without one from that of the grant', () => {
  const [old, recent] = [NOW - 61_000, NOW - 60_000].map((authenticatedAt) => ({ methods: [], authenticatedAt }))
  assert.ok(old && recent)
  assert.equal(isRecent({ maxAge: 60 }, { grant: old, session: recent }, NOW), true)
  assert.equal(isRecent({ maxAge: 60 }, { grant: recent, session: old }, NOW), false)
  assert.equal(isRecent({ maxAge: 60 }, { grant: recent, session: undefined }, NOW), true)
  assert.equal(isRecent({ maxAge: 60 }, { grant: old, session: undefined }, NOW), false)
  assert.equal(isRecent({ maxAge: null }, { grant: old, session: old }, NOW), true)
})

test('a code is as recent as at its issue, a device as at its approval, a refresh token as now, and an access token ends by itself', () => {
  const token = { createdAt: NOW - 30_000 }
  const grant = { createdAt: NOW - 20_000 }
  assert.deepEqual(
    (['code', 'device', 'refresh', 'access'] as const).map((kind) =>
      ageCountsAt({ token: { ...token, kind }, grant }, NOW),
    ),
    [token.createdAt, grant.createdAt, NOW, undefined],
  )
})
