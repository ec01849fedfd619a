import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { NO_TERMS, type PolicyTerms, type PolicyVersion } from '../policy.ts'
import type { PolicyScope } from '../scope.ts'
import {
  disjointPolicy,
  fieldErrorsInPolicyName,
  fieldErrorsInTerms,
  shortDuration,
  type TermContext,
} from './policy-checks.ts'

const NOW = 1_800_000_000_000
const ABOUT: TermContext = { scope: 'group', scopeHasPermissions: false, locked: [], canHavePasskeys: true }

const ERRORS: readonly [claim: string, terms: Partial<PolicyTerms>, about: Partial<TermContext>, errors: string][] = [
  ['a policy says something', {}, {}, '/second_factor policy.says_nothing'],
  [
    'a role with permissions needs a second factor',
    { secondFactor: 'optional' },
    { scopeHasPermissions: true },
    '/second_factor policy.role_needs_second_factor',
  ],
  ['a role without permissions may go without', { secondFactor: 'optional' }, {}, ''],
  [
    'an explicit setting is fixed for everyone',
    { sessionIdle: hours(1) },
    { scope: 'everyone', locked: ['sessionIdle'] },
    '/session_idle policy.set_by_configuration',
  ],
  ['an explicit setting can be stricter for a group', { sessionIdle: hours(1) }, { locked: ['sessionIdle'] }, ''],
  ['some factor is allowed', { factors: [] }, {}, '/factors policy.no_factor'],
  [
    'an app is not phishing-resistant',
    { secondFactor: 'phishing-resistant', factors: ['totp'] },
    {},
    '/factors policy.no_factor',
  ],
  [
    'passkeys alone need an address that can have them',
    { factors: ['passkey'] },
    { canHavePasskeys: false },
    '/factors policy.no_passkeys_here',
  ],
  [
    'phishing-resistant needs an address that can have passkeys',
    { secondFactor: 'phishing-resistant' },
    { canHavePasskeys: false },
    '/second_factor policy.no_passkeys_here',
  ],
  ['a duration has limits', { reauthentication: seconds(1) }, {}, '/reauthentication policy.duration'],
  ['a device may never be remembered', { rememberFor: 0 }, {}, ''],
  [
    'an unused session ends no later than each',
    { sessionIdle: hours(2), sessionAbsolute: hours(1) },
    {},
    '/session_idle policy.idle_beyond_absolute',
  ],
]
for (const [claim, terms, about, errors] of ERRORS) {
  test(claim, () => {
    const found = fieldErrorsInTerms({ ...NO_TERMS, ...terms }, { ...ABOUT, ...about })
    assert.equal(found.map(({ pointer, code }) => `${pointer} ${code}`).join(', '), errors)
  })
}

test('a name is one line that shows something, and nothing in it is invisible but joiners', () => {
  for (const name of ['All users', 'می\u200Cخواهم']) assert.deepEqual(fieldErrorsInPolicyName(name), [])
  for (const name of [' ', '\u200C', 'two\nlines', 'All\u200B users', 'All  users', 'x'.repeat(65)])
    assert.equal(fieldErrorsInPolicyName(name).length, 1, name)
})

test('a duration is written in the largest unit that divides it', () => {
  const spans = [seconds(90), minutes(30), minutes(90), hours(12), days(7), 0]
  assert.deepEqual(spans.map(shortDuration), ['90s', '30m', '90m', '12h', '7d', '0s'])
})

function other(scope: PolicyScope, terms: Partial<PolicyTerms>, more: Partial<PolicyVersion> = {}) {
  const version = { policyId: 'other', version: 1, isEnd: false, inForceFrom: NOW - 1, cancelledAt: null }
  return { scope, versions: [{ ...version, terms: { ...NO_TERMS, ...terms }, ...more }] }
}

test('two policies that allow no factor together are found unless no user can have both', () => {
  const passkeys = { ...NO_TERMS, secondFactor: 'phishing-resistant' } as const
  const isRefused = (scope: PolicyScope, one: ReturnType<typeof other>, terms: PolicyTerms = passkeys) =>
    disjointPolicy({ scope }, terms, { others: [one], now: NOW }) !== undefined
  const app = { factors: ['totp'] } as const
  assert.equal(isRefused('group', other('everyone', app)), true)
  assert.equal(isRefused('group', other('group', app)), true)
  assert.equal(isRefused('role', other('group', app)), true)
  assert.equal(isRefused('role', other('role', app)), false, 'a user has one role')
  assert.equal(isRefused('group', other('group', { factors: ['passkey'] })), false)
  assert.equal(isRefused('group', other('group', { secondFactor: 'required' })), false)
  assert.equal(isRefused('group', other('group', app, { inForceFrom: NOW + 1 })), true, 'planned')
  assert.equal(isRefused('group', other('group', app, { cancelledAt: NOW })), false, 'cancelled')
  assert.equal(isRefused('group', other('group', app, { isEnd: true })), false, 'ended')
  assert.equal(isRefused('group', other('group', app), { ...NO_TERMS, sessionIdle: 1 }), false)
})
