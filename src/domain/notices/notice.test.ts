import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { FactorKind } from '../factors/factor-kind.ts'
import { days, hours } from '../../foundation/kernel/time.ts'
import { onceADay, reviewedBy } from './notice.ts'
import type { Notice, ReviewedBy } from './notice.ts'

const NOON = days(20_000) + hours(12)

function notice(kind: string, position: number): Notice {
  return { id: `${kind} ${position}`, kind, position, createdAt: NOON }
}

const PASSWORD_AND_APP = ['password', 'totp'] as const

/** What was reported, the later changes of credentials, the factors of the sign-in, and who may end the review. */
const CASES: readonly [reports: Notice[], changes: Notice[], methods: readonly FactorKind[], by: ReviewedBy][] = [
  [[notice('new-device', 2)], [], PASSWORD_AND_APP, 'user'],
  [[notice('new-device', 2)], [notice('app-added', 1)], PASSWORD_AND_APP, 'user'],
  [[notice('new-device', 2)], [notice('password-reset', 3)], PASSWORD_AND_APP, 'admin'],
  [[notice('new-device', 2)], [notice('password-changed', 2)], PASSWORD_AND_APP, 'admin'],
  [[notice('new-device', 5), notice('new-device', 2)], [notice('app-removed', 3)], PASSWORD_AND_APP, 'admin'],
  [[notice('password-changed', 2)], [notice('password-changed', 2)], PASSWORD_AND_APP, 'admin'],
  [[notice('password-changed', 2)], [notice('password-changed', 2)], ['passkey'], 'user'],
  [[notice('passkey-added', 2)], [notice('passkey-added', 2)], PASSWORD_AND_APP, 'user'],
  [[notice('passkey-added', 2)], [notice('passkey-added', 2)], ['password', 'passkey'], 'admin'],
  [[notice('app-added', 2)], [notice('app-added', 2)], ['password', 'recovery-code'], 'admin'],
  [[notice('app-replaced', 2)], [notice('app-replaced', 2)], ['password', 'recovery-code'], 'user'],
  [[notice('recovery-codes-made', 2)], [notice('recovery-codes-made', 2)], ['password', 'recovery-code'], 'admin'],
  [[notice('of a newer version', 2)], [], PASSWORD_AND_APP, 'admin'],
  [[], [], PASSWORD_AND_APP, 'admin'],
]

test('a review is left to an admin if credentials changed after the report, or the report gave what signs in', () => {
  for (const [reports, changes, methods, by] of CASES) {
    const about = JSON.stringify([reports.map(({ id }) => id), changes.map(({ id }) => id), methods])
    assert.equal(reviewedBy(reports, changes, methods), by, about)
  }
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
