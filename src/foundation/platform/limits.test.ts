import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import { Allowance, BlockedGuesses, FixedWindowLimiter } from './limits.ts'

test('a network may send 120 requests in a minute, and must then wait for the rest of it', () => {
  const rate = new FixedWindowLimiter()
  for (let asked = 0; asked < 120; asked++) assert.equal(rate.take('192.0.2.1', seconds(20)), undefined)
  assert.equal(rate.take('192.0.2.1', seconds(30)), 50)
  assert.equal(rate.take('192.0.2.1', seconds(79.5)), 1)
  assert.equal(rate.take('192.0.2.2', seconds(30)), undefined)
  assert.equal(rate.take('192.0.2.1', seconds(20) + minutes(1)), undefined)
})

test('a clock that ran back blocks no network for longer than the window', () => {
  const rate = new FixedWindowLimiter()
  for (let asked = 0; asked < 121; asked++) rate.take('n', minutes(5))
  assert.equal(rate.take('n', minutes(6)), undefined)
})

test('a clock that was ahead blocks no network once it is right again', () => {
  const rate = new FixedWindowLimiter()
  for (let asked = 0; asked < 121; asked++) rate.take('n', days(1))
  assert.equal(rate.take('n', 0), undefined)
})

test('the newest 10,000 networks are counted', () => {
  const rate = new FixedWindowLimiter()
  for (let network = 0; network < 10_001; network++) rate.take(`n${network}`, 0)
  for (let asked = 0; asked < 120; asked++) rate.take('n0', 0)
  assert.equal(rate.take('n0', 0), 60)
  for (let asked = 1; asked < 120; asked++) rate.take('n10000', 0)
  assert.equal(rate.take('n10000', 0), 60)
})

test('the newest 10,000 blocked buckets are counted', () => {
  const guesses = new BlockedGuesses()
  for (let bucket = 0; bucket < 10_050; bucket++) guesses.count(`name:${bucket}:password`)
  assert.equal(guesses.size, 10_000)
  assert.equal(guesses.get('name:0:password'), undefined)
  assert.equal(guesses.get('name:10049:password'), 1)
})

test('a key has as many uses as are allowed, whatever others use', () => {
  const allowance = new Allowance(2)
  assert.deepEqual(
    ['a', 'a', 'b', 'a', 'b', 'b'].map((key) => allowance.take(key)),
    [true, true, true, false, true, false],
  )
})
