import assert from 'node:assert/strict'
import { test } from 'node:test'

import { atPace, chance, shareLonger } from '../bench/paced.ts'

test('the share of longer times is 0.5 for alike classes, 1 and 0 for separate ones, and ties count half', () => {
  assert.equal(shareLonger([1, 2, 3], [1, 2, 3]), 0.5)
  assert.equal(shareLonger([5, 6], [1, 2, 3]), 1)
  assert.equal(shareLonger([1, 2], [3, 4, 5]), 0)
  assert.equal(shareLonger([2, 2], [1, 2, 2, 4]), 0.5)
  assert.equal(shareLonger([3], [1, 2, 3, 4]), 0.625)
})

test('chance explains less the more samples there are: 0.017 with 5,000', () => {
  assert.equal(chance(5000).toFixed(3), '0.017')
  assert.ok(chance(600) > chance(5000))
})

test('no more tasks run at once than the pace allows, and all of them run', async () => {
  let [running, most, done] = [0, 0, 0]
  const task = async (): Promise<void> => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    done += 1
  }
  await atPace(
    Array.from({ length: 50 }, () => task),
    { gap: () => 0, most: 3 },
  )
  assert.deepEqual([most, done], [3, 50])
})
