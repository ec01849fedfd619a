import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, minutes, seconds } from '../../foundation/kernel/time.ts'
import { loadConfig } from '../../foundation/platform/config/config.ts'
import { passwordPolicy, secondFactorPolicy, sessionPolicy } from './policy.service.ts'

function configured(flags: Record<string, string> = {}) {
  return loadConfig({ flags, env: {}, readFile: () => undefined })
}

test('without settings a second factor is required, and a session lives for a day and ends after an unused hour', () => {
  assert.equal(secondFactorPolicy(configured()), 'required')
  assert.deepEqual(sessionPolicy(configured()), { idle: hours(1), absolute: hours(24), touchEvery: seconds(60) })
})

test('the last use of a session is stored at least twice within the time in which an unused one ends', () => {
  const { idle, touchEvery } = sessionPolicy(configured({ session_idle: '90s' }))
  assert.deepEqual([idle, touchEvery], [seconds(90), seconds(45)])
  assert.equal(sessionPolicy(configured({ session_idle: '3m' })).idle, minutes(3))
})

const lengths: [minimumSetting: string, secondFactor: string, minimum: number][] = [
  ['8', 'required', 8],
  ['8', 'optional', 15],
  ['12', 'required', 12],
  ['12', 'optional', 15],
  ['20', 'required', 20],
  ['20', 'optional', 20],
]
for (const [minimumSetting, secondFactor, minimum] of lengths) {
  test(`with second_factor ${secondFactor} and password_minimum ${minimumSetting}, a password has at least ${minimum} characters`, () => {
    const policy = passwordPolicy(configured({ second_factor: secondFactor, password_minimum: minimumSetting }))
    assert.deepEqual(policy, { minimum, maximum: 256 })
  })
}
