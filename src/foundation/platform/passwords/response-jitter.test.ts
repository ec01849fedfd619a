import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { holdByChance } from './response-jitter.ts'

test('refusals are held for 1 to 16 milliseconds, and not all for as long', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const lengths: number[] = []
  let passed = 0
  for (let hold = 0; hold < 200; hold++) void holdByChance().then(() => lengths.push(passed))
  await nextTurn()
  assert.deepEqual(lengths, [])
  while (passed < 16) {
    passed += 1
    t.mock.timers.tick(1)
    await nextTurn()
  }
  assert.equal(lengths.length, 200)
  assert.ok(new Set(lengths).size > 1)
})
