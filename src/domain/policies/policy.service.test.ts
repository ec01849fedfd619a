import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { loadConfig } from '#foundation/platform/config/config.ts'
import { secondFactorPolicy, sessionPolicy } from './policy.service.ts'

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
