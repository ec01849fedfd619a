import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FactorKind } from '#domain/factors/factor-kind.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { type Notice, NOTICES, onceADay, passingFactors, type ReviewedBy, reviewedBy } from './notice.ts'

const NOON = days(20_000) + hours(12)

const REPORT: Notice = { id: 'reported', kind: 'new-device', position: 2, createdAt: NOON }

const PASSWORD_AND_APP = ['password', 'totp'] as const
const PASSWORD_AND_CODE = ['password', 'recovery-code'] as const

/** The changes of credentials from the oldest reported notice on, the factors of the sign-in, and who may end the review. */
const CASES: readonly [changes: readonly string[], methods: readonly FactorKind[], by: ReviewedBy][] = [
  [[], ['password'], 'user'],
  [[], PASSWORD_AND_APP, 'user'],
  [['password-reset'], ['password'], 'admin'],
  [['password-reset'], PASSWORD_AND_APP, 'user'],
  [['password-reset'], PASSWORD_AND_CODE, 'user'],
  [['password-reset'], ['passkey'], 'user'],
  [['password-changed', 'app-added'], PASSWORD_AND_APP, 'admin'],
  [['password-changed', 'app-added'], PASSWORD_AND_CODE, 'admin'],
  [['password-changed', 'app-added'], ['password', 'passkey'], 'user'],
  [['password-set', 'app-replaced'], PASSWORD_AND_APP, 'admin'],
  [['password-set', 'app-replaced'], PASSWORD_AND_CODE, 'user'],
  [['passkey-added'], ['passkey'], 'admin'],
  [['passkey-added'], PASSWORD_AND_APP, 'user'],
  [['recovery-codes-made'], PASSWORD_AND_CODE, 'admin'],
  [['app-removed'], ['password'], 'admin'],
  [['app-removed'], PASSWORD_AND_APP, 'user'],
  [['factors-reset'], ['password'], 'admin'],
  [['factors-reset', 'app-added'], PASSWORD_AND_APP, 'admin'],
  [['joined'], PASSWORD_AND_APP, 'admin'],
  [['joined'], ['passkey'], 'admin'],
  [['of a newer version'], ['passkey'], 'admin'],
  [['password-reset', 'of a newer version'], ['passkey'], 'admin'],
]

test('a review after a change of credentials rests on a second factor that no change gave, never on the password alone', () => {
  for (const [changes, methods, by] of CASES) {
    const passing = passingFactors([REPORT], changes)
    assert.equal(reviewedBy(passing, methods), by, `${changes.join(' ')} | ${methods.join(' ')}`)
    assert.equal(passing.includes('password'), changes.length === 0)
  }
})

test('a review without a report is left to an admin', () => {
  assert.equal(reviewedBy(passingFactors([], []), ['passkey']), 'admin')
})

test('what gives a factor is a change of credentials', () => {
  for (const { grants, changesCredentials } of Object.values(NOTICES))
    assert.ok(changesCredentials || grants.length === 0)
})

test('a notice of a new device is sent once for each user, network and day', () => {
  const first = onceADay('ada', '192.0.2.7', NOON)
  assert.equal(onceADay('ada', '192.0.2.7', NOON + hours(11)), first)
  const others = [
    onceADay('ada', '192.0.2.7', NOON + hours(12)),
    onceADay('ada', '192.0.2.8', NOON),
    onceADay('bob', '192.0.2.7', NOON),
  ]
  assert.equal(new Set([first, ...others]).size, 4)
})
