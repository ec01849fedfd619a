import assert from 'node:assert/strict'
import { test } from 'node:test'

import { TIME_TO_ACT } from '#foundation/kernel/stated-limits.ts'
import { days, type Instant } from '#foundation/kernel/time.ts'
import { DEFAULT_TERMS } from '#test/support/policies/default-terms.ts'
import { type ApplicableVersion, NO_TERMS } from '../policy.ts'
import { isTooSoon, stopsSoon } from './time-to-act.ts'

const NOW = 1_800_000_000_000
const CONFIGURED = { terms: DEFAULT_TERMS, locked: [] }
const EVALUATED = { configured: CONFIGURED, held: { apps: 1, passkeys: 0 }, hasPermissions: true, now: NOW }

function passkeys(from: Instant, exemptUntil: Instant | null = null, policyId = 'one'): ApplicableVersion {
  const version = { policyId, version: 1, isEnd: false, inForceFrom: from, cancelledAt: null }
  return { ...version, terms: { ...NO_TERMS, factors: ['passkey'] }, scope: 'group', exemptUntil, exemptByHelp: false }
}

test('a deadline a week ahead leaves time to act, an earlier one does not', () => {
  assert.deepEqual([isTooSoon(NOW + TIME_TO_ACT - 1, NOW), isTooSoon(NOW + TIME_TO_ACT, NOW)], [true, false])
})

test('a change stops a user at once, at a deadline within a week, or when an exemption ends within it', () => {
  const stops = (after: ApplicableVersion[], before: ApplicableVersion[] = []) => stopsSoon(before, after, EVALUATED)
  assert.equal(stops([passkeys(NOW)]), true)
  assert.equal(stops([passkeys(NOW + days(6))]), true)
  assert.equal(stops([passkeys(NOW + days(7))]), false)
  assert.equal(stops([passkeys(NOW, NOW + days(6))]), true)
  assert.equal(stops([passkeys(NOW, NOW + days(7))]), false)
  assert.equal(stops([passkeys(NOW)], [passkeys(NOW, NOW + days(30))]), true)
})

test('a change does not stop a user who is stopped by then without it, or who holds what is allowed', () => {
  const other = passkeys(NOW - 1, null, 'other')
  assert.equal(stopsSoon([other], [other, passkeys(NOW)], EVALUATED), false)
  assert.equal(
    stopsSoon([passkeys(NOW + 1, null, 'other')], [passkeys(NOW + 1, null, 'other'), passkeys(NOW)], EVALUATED),
    true,
  )
  assert.equal(stopsSoon([], [passkeys(NOW)], { ...EVALUATED, held: { apps: 1, passkeys: 1 } }), false)
})
