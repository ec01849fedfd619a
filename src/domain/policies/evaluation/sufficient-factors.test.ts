import assert from 'node:assert/strict'
import { test } from 'node:test'

import { DEFAULT_TERMS } from '#test/support/policies/default-terms.ts'
import { ALLOWABLE_FACTORS, type AllowableFactor, type Requirement, type UserPolicy } from '../policy.ts'
import {
  canReauthenticate,
  NO_FACTORS,
  rememberedFor,
  satisfiesPolicy,
  stepAfterFactors,
  whyStopped,
} from './sufficient-factors.ts'

function policy(secondFactor: Requirement, factors: readonly AllowableFactor[] = ALLOWABLE_FACTORS): UserPolicy {
  return { ...DEFAULT_TERMS, secondFactor, factors }
}

const POLICIES = {
  optional: policy('optional'),
  'optional app': policy('optional', ['totp']),
  'optional passkey': policy('optional', ['passkey']),
  required: policy('required'),
  'only app': policy('required', ['totp']),
  'only passkey': policy('required', ['passkey']),
  'phishing-resistant': policy('phishing-resistant', ['passkey']),
  contradictory: policy('phishing-resistant', []),
}

const SUFFICIENT: readonly [methods: string, policies: readonly (keyof typeof POLICIES)[]][] = [
  ['password', ['optional', 'optional app', 'optional passkey']],
  ['password totp', ['optional', 'optional app', 'required', 'only app']],
  ['password passkey', ['optional', 'optional passkey', 'required', 'only passkey', 'phishing-resistant']],
  ['passkey', ['optional', 'optional passkey', 'required', 'only passkey', 'phishing-resistant']],
  ['password recovery-code', ['optional', 'optional app', 'optional passkey', 'required', 'only app', 'only passkey']],
  [
    'password totp passkey',
    ['optional', 'optional app', 'optional passkey', 'required', 'only app', 'only passkey', 'phishing-resistant'],
  ],
  ['totp', ['optional', 'optional app']],
  ['recovery-code', ['optional', 'optional app', 'optional passkey']],
  ['', []],
]
for (const [methods, policies] of SUFFICIENT) {
  test(`${methods || 'nothing'} opens a session under: ${policies.join(', ') || 'no policy'}`, () => {
    const verified = methods.split(' ').filter((method) => method !== '')
    const satisfied = Object.entries(POLICIES).filter(([, one]) => satisfiesPolicy(one, verified))
    assert.deepEqual(
      satisfied.map(([name]) => name),
      Object.keys(POLICIES).filter((name) => (policies as readonly string[]).includes(name)),
    )
  })
}

test('devices are remembered only as long as the policy says so, allows every second factor and is not phishing-resistant', () => {
  const skipped = ['password', 'remembered-device']
  for (const [name, given] of Object.entries(POLICIES)) {
    assert.equal(satisfiesPolicy(given, skipped), false, `${name} without a time`)
    const remembering = { ...given, rememberFor: 5 }
    const isAllowed = name === 'optional' || name === 'required'
    assert.equal(rememberedFor(remembering), isAllowed ? 5 : 0, name)
    assert.equal(satisfiesPolicy(remembering, skipped), isAllowed, name)
  }
  assert.equal(satisfiesPolicy(POLICIES['optional app'], skipped), false)
  assert.equal(satisfiesPolicy(POLICIES['only app'], [...skipped, 'totp']), true)
  assert.equal(satisfiesPolicy({ ...POLICIES.required, rememberFor: 5 }, ['remembered-device']), false)
})

const STOPPED: readonly [name: keyof typeof POLICIES, nothing: string, app: string, passkey: string, both: string][] = [
  ['optional', '-', '-', '-', '-'],
  ['optional app', '-', '-', 'no-allowed-factor', '-'],
  ['optional passkey', '-', 'no-allowed-factor', '-', '-'],
  ['required', 'no-second-factor', '-', '-', '-'],
  ['only app', 'no-second-factor', '-', 'no-allowed-factor', '-'],
  ['only passkey', 'no-second-factor', 'no-allowed-factor', '-', '-'],
  ['phishing-resistant', 'no-second-factor', 'no-allowed-factor', '-', '-'],
]
for (const [name, ...expected] of STOPPED) {
  test(`under ${name}, a user with nothing, an app, a passkey or both must enrol: ${expected.join(', ')}`, () => {
    const held = [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const
    const why = held.map(([apps, passkeys]) => whyStopped(POLICIES[name], { apps, passkeys }) ?? '-')
    assert.deepEqual(why, expected)
  })
}

const AFTER: readonly [
  methods: string,
  name: keyof typeof POLICIES,
  nothing: string,
  app: string,
  passkey: string,
  both: string,
][] = [
  ['password', 'optional app', 'session', 'session', 'enrolment', 'session'],
  ['password totp', 'optional passkey', 'enrolment', 'enrolment', 'refused', 'refused'],
  ['passkey', 'optional app', 'enrolment', 'refused', 'enrolment', 'refused'],
  ['password recovery-code', 'optional app', 'session', 'session', 'enrolment', 'session'],
  ['password recovery-code', 'only passkey', 'enrolment', 'enrolment', 'session', 'session'],
  ['password totp', 'only app', 'enrolment', 'session', 'enrolment', 'session'],
]
for (const [methods, name, ...expected] of AFTER) {
  test(`under ${name}, ${methods} of a user with nothing, an app, a passkey or both leads to: ${expected.join(', ')}`, () => {
    const held = [NO_FACTORS, { apps: 1, passkeys: 0 }, { apps: 0, passkeys: 1 }, { apps: 1, passkeys: 1 }]
    assert.deepEqual(
      held.map((factors) => stepAfterFactors(POLICIES[name], methods.split(' '), factors)),
      expected,
    )
  })
}

test('a session goes on while its user can re-authenticate: with an allowed factor, or without any by the password', () => {
  const held = [NO_FACTORS, { apps: 1, passkeys: 0 }, { apps: 0, passkeys: 1 }, { apps: 1, passkeys: 1 }]
  const able = Object.fromEntries(
    Object.entries(POLICIES).map(([name, one]) => [name, held.map((factors) => canReauthenticate(one, factors))]),
  )
  assert.deepEqual(able, {
    optional: [true, true, true, true],
    'optional app': [true, true, false, true],
    'optional passkey': [true, false, true, true],
    required: [true, true, true, true],
    'only app': [true, true, false, true],
    'only passkey': [true, false, true, true],
    'phishing-resistant': [false, false, true, true],
    contradictory: [false, false, false, false],
  })
})
