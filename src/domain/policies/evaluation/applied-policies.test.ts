import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, minutes } from '#foundation/kernel/time.ts'
import { DEFAULT_TERMS } from '#test/support/policies/default-terms.ts'
import {
  ALLOWABLE_FACTORS,
  type ApplicableVersion,
  type LockableTerm,
  NO_TERMS,
  type PolicyTerms,
  type Requirement,
  type UserPolicy,
} from '../policy.ts'
import { weakenedTerms } from '../store/policy-checks.ts'
import { effectivePolicy } from './effective-policy.ts'

const NOW = 1_800_000_000_000

function version(
  scope: ApplicableVersion['scope'],
  terms: Partial<PolicyTerms>,
  more: Partial<ApplicableVersion> = {},
) {
  const base = {
    policyId: scope,
    version: 1,
    isEnd: false,
    inForceFrom: NOW - 1,
    cancelledAt: null,
    exemptUntil: null,
    exemptByHelp: false,
  }
  return { ...base, scope, terms: { ...NO_TERMS, ...terms }, ...more }
}

function combined(
  versions: readonly ApplicableVersion[],
  { locked = [], hasPermissions = false, configured = {} }: Given = {},
): UserPolicy {
  return effectivePolicy({ terms: { ...DEFAULT_TERMS, ...configured }, locked }, versions, { hasPermissions, now: NOW })
    .terms
}

interface Given {
  readonly locked?: readonly LockableTerm[]
  readonly hasPermissions?: boolean
  readonly configured?: Partial<UserPolicy>
}

test('without a policy the configuration decides', () => {
  assert.deepEqual(combined([]), DEFAULT_TERMS)
  assert.equal(combined([], { configured: { secondFactor: 'optional' } }).secondFactor, 'optional')
})

test('a policy for everyone replaces the defaults, to weaker values too, but no explicit setting', () => {
  const everyone = version('everyone', { secondFactor: 'optional', sessionIdle: hours(8), sessionAbsolute: hours(200) })
  const free = combined([everyone])
  assert.deepEqual([free.secondFactor, free.sessionIdle, free.sessionAbsolute], ['optional', hours(8), hours(200)])
  const locked = combined([everyone], { locked: ['secondFactor', 'sessionIdle'] })
  assert.deepEqual(
    [locked.secondFactor, locked.sessionIdle, locked.sessionAbsolute],
    ['required', hours(1), hours(200)],
  )
})

test('the strictest of the policies for everyone, a role and a group decides each term', () => {
  const versions = [
    version('everyone', { secondFactor: 'optional', factors: ['totp', 'passkey'], sessionIdle: hours(8) }),
    version('role', { secondFactor: 'required', reauthentication: minutes(5) }),
    version('group', { secondFactor: 'phishing-resistant', sessionIdle: hours(9) }),
  ]
  assert.deepEqual(combined(versions), {
    ...DEFAULT_TERMS,
    secondFactor: 'phishing-resistant',
    factors: ['passkey'],
    sessionIdle: hours(8),
    reauthentication: minutes(5),
  })
})

test('a policy of a role or group never weakens what holds for everyone', () => {
  const weak = version('group', { secondFactor: 'optional', sessionIdle: hours(100), reauthentication: hours(2) })
  assert.deepEqual(combined([weak]), DEFAULT_TERMS)
})

test('only factors that every policy allows are allowed', () => {
  const one = version('role', { factors: ['totp'] })
  assert.deepEqual(combined([one]).factors, ['totp'])
  assert.deepEqual(combined([one, version('group', { factors: ['passkey'] })]).factors, [])
})

test('a user with permissions needs a second factor, and no device of theirs is remembered', () => {
  const lenient = version('everyone', { secondFactor: 'optional', rememberFor: hours(100) })
  assert.deepEqual([combined([lenient]).secondFactor, combined([lenient]).rememberFor], ['optional', hours(100)])
  const admin = combined([lenient], { hasPermissions: true })
  assert.deepEqual([admin.secondFactor, admin.rememberFor], ['required', 0])
})

test('the latest version whose time has come decides, and after the end none does', () => {
  const first = version('group', { secondFactor: 'phishing-resistant' })
  const second = version('group', { sessionIdle: minutes(5) }, { version: 2 })
  assert.deepEqual(combined([first, second]), { ...DEFAULT_TERMS, sessionIdle: minutes(5) })
  const planned = version('group', {}, { version: 2, inForceFrom: NOW + 1 })
  assert.equal(combined([first, planned]).secondFactor, 'phishing-resistant')
  const end = version('group', {}, { version: 2, isEnd: true })
  assert.deepEqual(combined([first, end]), DEFAULT_TERMS)
})

test('an exemption holds until its end, and for its policy alone', () => {
  const exempt = (until: number) => version('group', { secondFactor: 'phishing-resistant' }, { exemptUntil: until })
  assert.equal(combined([exempt(NOW + 1)]).secondFactor, 'required')
  assert.equal(combined([exempt(NOW)]).secondFactor, 'phishing-resistant')
  const other = version('role', { secondFactor: 'phishing-resistant' })
  assert.equal(combined([exempt(NOW + 1), other]).secondFactor, 'phishing-resistant')
})

test('an exemption of the help desk counts while a version is in force that lets it exempt users', () => {
  const given = { exemptUntil: NOW + 9, exemptByHelp: true }
  const asks = { secondFactor: 'phishing-resistant' } as const
  const asked = (current: boolean, planned: boolean): string[] => {
    const first = version('group', { ...asks, helpersMayExempt: current }, given)
    const next = { ...given, version: 2, inForceFrom: NOW + 1 }
    const versions = [first, version('group', { ...asks, helpersMayExempt: planned }, next)]
    return [NOW, NOW + 1].map(
      (now) =>
        effectivePolicy({ terms: DEFAULT_TERMS, locked: [] }, versions, { hasPermissions: false, now }).terms
          .secondFactor,
    )
  }
  assert.deepEqual(asked(true, false), ['required', 'phishing-resistant'])
  assert.deepEqual(asked(false, true), ['phishing-resistant', 'required'])
  assert.deepEqual(asked(true, true), ['required', 'required'])
})

/** Versions of one policy, the oldest first, of which the last is in force; `end` is an end of the policy, null a version of other terms. */
function history(
  scope: ApplicableVersion['scope'],
  ...said: readonly (Requirement | 'end' | null)[]
): ApplicableVersion[] {
  return said.map((one, index) => {
    const terms = one === 'end' ? {} : { secondFactor: one, sessionIdle: minutes(30) }
    const times = { version: index + 1, inForceFrom: NOW - said.length + index, exemptUntil: NOW + 1 }
    return version(scope, terms, { ...times, isEnd: one === 'end' })
  })
}

const EXEMPT: readonly [
  scope: ApplicableVersion['scope'],
  said: readonly (Requirement | 'end' | null)[],
  byDefault: Requirement,
  optionalByDefault: Requirement,
][] = [
  ['everyone', ['required'], 'required', 'optional'],
  ['everyone', ['phishing-resistant'], 'required', 'optional'],
  ['everyone', ['optional', 'required'], 'optional', 'optional'],
  ['everyone', ['optional', 'required', 'phishing-resistant'], 'required', 'required'],
  ['everyone', ['optional', 'required', 'required'], 'optional', 'optional'],
  ['everyone', ['optional', 'phishing-resistant', 'required'], 'optional', 'optional'],
  ['everyone', ['optional', null, 'required'], 'optional', 'optional'],
  ['everyone', [null, 'phishing-resistant'], 'required', 'optional'],
  ['everyone', ['optional', 'end', 'required'], 'required', 'optional'],
  ['everyone', ['optional'], 'optional', 'optional'],
  ['everyone', ['required', null], 'required', 'optional'],
  ['group', ['required'], 'required', 'optional'],
  ['group', ['required', 'phishing-resistant'], 'required', 'required'],
  ['group', ['optional', 'required'], 'required', 'optional'],
  ['group', ['required', 'end', 'phishing-resistant'], 'required', 'optional'],
]
for (const [scope, said, ...expected] of EXEMPT) {
  test(`who is exempt from ${said.join(', then ')} for ${scope === 'group' ? 'a group' : scope} falls back to: ${expected.join(', or ')}`, () => {
    const versions = history(scope, ...said)
    const fallen = (['required', 'optional'] as const).map((secondFactor) =>
      combined(versions, { configured: { secondFactor } }),
    )
    assert.deepEqual(
      fallen.map(({ secondFactor }) => secondFactor),
      expected,
    )
    for (const { factors, sessionIdle } of fallen)
      assert.deepEqual([factors, sessionIdle], [ALLOWABLE_FACTORS, hours(1)])
  })
}

test('a version that was planned or cancelled is nothing to fall back to', () => {
  const [first, second] = history('everyone', 'optional', 'required')
  assert.ok(first && second)
  assert.equal(combined([{ ...first, cancelledAt: NOW - 9 }, second]).secondFactor, 'required')
  assert.equal(combined([second, { ...first, version: 3, inForceFrom: NOW + 1 }]).secondFactor, 'required')
})

test('who is exempt needs a second factor where a setting, a permission or another policy asks for one', () => {
  const exempt = history('everyone', 'optional', 'required')
  assert.equal(combined(exempt).secondFactor, 'optional')
  assert.equal(combined(exempt, { locked: ['secondFactor'] }).secondFactor, 'required')
  assert.equal(combined(exempt, { hasPermissions: true }).secondFactor, 'required')
  assert.equal(combined([...exempt, version('group', { secondFactor: 'required' })]).secondFactor, 'required')
})

test('a policy for everyone weakens the defaults in which it asks for less, and never what the configuration sets', () => {
  const weakened = (terms: Partial<PolicyTerms>, locked: readonly LockableTerm[] = []) =>
    weakenedTerms({ terms: DEFAULT_TERMS, locked }, { ...NO_TERMS, ...terms })
  assert.deepEqual(weakened({ secondFactor: 'optional' }), ['secondFactor'])
  assert.deepEqual(weakened({ secondFactor: 'optional' }, ['secondFactor']), [])
  assert.deepEqual(weakened({ secondFactor: 'required', sessionIdle: hours(1), reauthentication: minutes(5) }), [])
  assert.deepEqual(weakened({ secondFactor: 'phishing-resistant', factors: ['totp'], rememberFor: hours(99) }), [])
  const longer = { sessionIdle: hours(2), sessionAbsolute: hours(25), reauthentication: minutes(11) }
  assert.deepEqual(weakened(longer), ['sessionIdle', 'sessionAbsolute', 'reauthentication'])
  assert.deepEqual(weakened({}), [])
})
