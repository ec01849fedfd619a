import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isEnough, whyStopped } from './enough.ts'
import { ALLOWABLE_FACTORS } from './policy.ts'
import type { AllowableFactor, Requirement, UserPolicy } from './policy.ts'

function policy(secondFactor: Requirement, factors: readonly AllowableFactor[] = ALLOWABLE_FACTORS): UserPolicy {
  const durations = { sessionIdle: 1, sessionAbsolute: 1, reauthentication: 1, rememberFor: 0 }
  return { secondFactor, factors, ...durations }
}

const POLICIES = {
  optional: policy('optional'),
  required: policy('required'),
  'only app': policy('required', ['totp']),
  'only passkey': policy('required', ['passkey']),
  'phishing-resistant': policy('phishing-resistant', ['passkey']),
  contradictory: policy('phishing-resistant', []),
}

const ENOUGH: readonly [methods: string, policies: readonly (keyof typeof POLICIES)[]][] = [
  ['password', ['optional']],
  ['password totp', ['optional', 'required', 'only app']],
  ['password passkey', ['optional', 'required', 'only passkey', 'phishing-resistant']],
  ['passkey', ['optional', 'required', 'only passkey', 'phishing-resistant']],
  ['password recovery-code', ['optional', 'required', 'only app', 'only passkey']],
  ['password totp passkey', ['optional', 'required', 'only app', 'only passkey', 'phishing-resistant']],
  ['totp', ['optional']],
  ['recovery-code', ['optional']],
  ['', []],
]
for (const [methods, policies] of ENOUGH) {
  test(`${methods || 'nothing'} opens a session under: ${policies.join(', ') || 'no policy'}`, () => {
    const verified = methods.split(' ').filter((method) => method !== '')
    const enough = Object.entries(POLICIES).filter(([, one]) => isEnough(one, verified))
    assert.deepEqual(
      enough.map(([name]) => name),
      Object.keys(POLICIES).filter((name) => (policies as readonly string[]).includes(name)),
    )
  })
}

const STOPPED: readonly [name: keyof typeof POLICIES, nothing: string, app: string, passkey: string, both: string][] = [
  ['optional', '-', '-', '-', '-'],
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
