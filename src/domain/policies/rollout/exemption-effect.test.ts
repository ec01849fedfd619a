import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { DEFAULT_TERMS } from '#test/support/policies/default-terms.ts'
import { type ApplicableVersion, type ConfiguredPolicy, NO_TERMS, type PolicyTerms } from '../policy.ts'
import { isOfUse, requirementUntil } from './exemption-effect.ts'

const NOW = 1_800_000_000_000
const UNTIL = NOW + days(30)
const CONFIGURED: ConfiguredPolicy = { terms: DEFAULT_TERMS, locked: [] }

function version(
  number: number,
  terms: Partial<PolicyTerms>,
  more: Partial<ApplicableVersion> = {},
): ApplicableVersion {
  const base = {
    policyId: 'all',
    isEnd: false,
    inForceFrom: NOW - 100 + number,
    cancelledAt: null,
    exemptUntil: UNTIL,
    exemptByHelp: false,
  }
  return { ...base, version: number, scope: 'everyone', terms: { ...NO_TERMS, ...terms }, ...more }
}

const OPTIONAL = version(1, { secondFactor: 'optional' })
const GROUP = { policyId: 'group', scope: 'group', exemptUntil: null, exemptByHelp: false } as const

const CASES: readonly [what: string, versions: readonly ApplicableVersion[], isOfUse: boolean, asked: string][] = [
  ['the only version, under the default', [version(1, { secondFactor: 'required' })], false, 'required'],
  ['a roll-out', [OPTIONAL, version(2, { secondFactor: 'required' })], true, 'optional'],
  [
    'a deadline before the end',
    [OPTIONAL, version(2, { secondFactor: 'required' }, { inForceFrom: NOW + days(7) })],
    true,
    'optional',
  ],
  [
    'a deadline at the end',
    [OPTIONAL, version(2, { secondFactor: 'required' }, { inForceFrom: UNTIL })],
    false,
    'optional',
  ],
  [
    'a second deadline before the end',
    [
      OPTIONAL,
      version(2, { secondFactor: 'required' }),
      version(3, { secondFactor: 'phishing-resistant' }, { inForceFrom: NOW + days(7) }),
    ],
    true,
    'required',
  ],
  [
    'a group that asks for the same',
    [OPTIONAL, version(2, { secondFactor: 'required' }), version(1, { secondFactor: 'required' }, GROUP)],
    false,
    'required',
  ],
  ['fewer factors', [version(1, { factors: ['passkey'] })], true, 'required'],
  ['shorter sessions', [version(1, { sessionIdle: minutes(5) })], true, 'required'],
  ['longer sessions', [version(1, { secondFactor: 'required', sessionIdle: hours(9) })], false, 'required'],
  ['remembered devices', [version(1, { secondFactor: 'required', rememberFor: days(9) })], false, 'required'],
]
for (const [what, versions, expected, asked] of CASES) {
  test(`an exemption from ${what} ${expected ? 'is of use' : 'changes nothing'}, and the user is asked for: ${asked}`, () => {
    const span = { hasPermissions: false, now: NOW, until: UNTIL }
    assert.equal(isOfUse(CONFIGURED, versions, { ...span, policyId: 'all' }), expected)
    assert.equal(requirementUntil(CONFIGURED, versions, span), asked)
  })
}

test('an exemption of a user with permissions from a second factor changes nothing', () => {
  const versions = [OPTIONAL, version(2, { secondFactor: 'required' })]
  const span = { hasPermissions: true, now: NOW, until: UNTIL, policyId: 'all' }
  assert.equal(isOfUse(CONFIGURED, versions, span), false)
  assert.equal(isOfUse(CONFIGURED, [...versions, version(3, { secondFactor: 'phishing-resistant' })], span), true)
})
