import { hashSync as bcryptHashSync } from '@node-rs/bcrypt'
import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { suite, test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { Secret } from '#foundation/kernel/secret.ts'
import { cheapHasher } from '#test/support/server/cheap-hasher.ts'
import { GRID, ResponseGrid, UniformResponseTime } from './uniform-response-time.ts'

/** A verification whose floor has passed. */
const NOW = { begunAt: 0, forms: 1 }

suite('the floor for imported hashes', () => {
  test('does not wait if every hash has the current parameters', async (t) => {
    const own = cheapHasher(t)
    await own.calibrate([await own.hash(Secret.of('a'))])
    assert.equal(own.stats().responseTimeFloor, 0)
    await own.waitForUniformResponseTime(NOW)
  })

  test('waits as long as the slowest imported hash takes, counted from the beginning of its own verification', async (t) => {
    const own = cheapHasher(t)
    await own.calibrate([bcryptHashSync('a', 4), bcryptHashSync('a', 8), await own.hash(Secret.of('a'))])
    const { responseTimeFloor: floor } = own.stats()
    assert.ok(floor > 0)
    const timing = await own.verify(Secret.of('b'), null)
    await own.waitForUniformResponseTime(timing)
    // Timers count whole milliseconds.
    assert.ok(performance.now() - timing.begunAt >= floor - 1)
    await own.calibrate([])
    assert.equal(own.stats().responseTimeFloor, 0)
  })

  test('does not count the wait for a worker, and does not grow with the queue', async (t) => {
    const own = cheapHasher(t)
    const stored = bcryptHashSync('a', 8)
    const asked = performance.now()
    const others = Array.from({ length: 20 }, () => own.verify(Secret.of('b'), stored))
    const last = await own.verify(Secret.of('b'), null)
    const { responseTimeFloor: floor } = own.stats()
    assert.ok(last.begunAt - asked > floor, 'it waited for longer than any hash takes')
    await own.waitForUniformResponseTime(last)
    assert.ok(performance.now() - last.begunAt >= floor - 1)
    await Promise.all(others)
  })

  test('is measured also while the queue is full', async (t) => {
    const own = cheapHasher(t, { queue: 1 })
    const slow = bcryptHashSync('a', 6)
    const ends = await Promise.allSettled(Array.from({ length: 4 }, () => own.verify(Secret.of('b'), slow)))
    assert.equal(ends.at(-1)?.status, 'rejected', 'the queue was not full')
    await own.waitForUniformResponseTime(NOW)
    assert.ok(own.stats().responseTimeFloor > 0)
  })

  test('is that of the costliest hash, whatever the order in which measurements end', async () => {
    const measured = { cheap: Promise.withResolvers<number>(), costly: Promise.withResolvers<number>() }
    const responseTime = new UniformResponseTime((stored) => measured[stored as keyof typeof measured].promise)
    responseTime.observe({ stored: 'cheap', cost: 1 })
    responseTime.observe({ stored: 'costly', cost: 2 })
    measured.costly.resolve(20)
    measured.cheap.resolve(2)
    await responseTime.wait(NOW)
    assert.ok(responseTime.stats().responseTimeFloor >= 20)
  })

  test('is longer than the measured time', async () => {
    const responseTime = new UniformResponseTime(() => Promise.resolve(10))
    await responseTime.calibrate([{ stored: 'one', cost: 1 }])
    assert.ok(responseTime.stats().responseTimeFloor > 10)
  })

  test('is measured again after a failed measurement', async () => {
    let tries = 0
    const responseTime = new UniformResponseTime(() =>
      ++tries === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(3),
    )
    responseTime.observe({ stored: 'one', cost: 1 })
    await responseTime.wait(NOW)
    assert.equal(responseTime.stats().responseTimeFloor, 0)
    responseTime.observe({ stored: 'one', cost: 1 })
    await responseTime.wait(NOW)
    assert.ok(responseTime.stats().responseTimeFloor >= 3)
  })

  test('is doubled for a password with two Unicode forms', async (t) => {
    const own = cheapHasher(t)
    await own.calibrate([bcryptHashSync('a', 7)])
    const timing = await own.verify(Secret.of('ü'.normalize('NFD')), null)
    await own.waitForUniformResponseTime(timing)
    assert.ok(performance.now() - timing.begunAt >= 2 * own.stats().responseTimeFloor - 1)
  })

  test('is measured without counting as a hash of a request', async (t) => {
    const own = cheapHasher(t)
    await own.calibrate([bcryptHashSync('a', 4)])
    assert.equal(own.stats().hashes, 0)
  })

  test('is measured at the first imported hash that no calibration measured', async (t) => {
    const own = cheapHasher(t)
    await own.waitForUniformResponseTime(await own.verify(Secret.of('wrong'), bcryptHashSync('a', 6)))
    assert.ok(own.stats().responseTimeFloor > 0)
  })
})

suite('the response grid', () => {
  /** Milliseconds of work and waiting after which a refusal may be answered. */
  async function answeredAfter(t: TestContext, work: number): Promise<number> {
    const grid = new ResponseGrid(GRID)
    t.mock.timers.tick(work)
    let passed = work
    let isReached = false
    const reached = grid.nextPoint().then(() => (isReached = true))
    for (; !isReached && passed < 10 * GRID; passed += 1) {
      t.mock.timers.tick(1)
      await nextTurn()
    }
    await reached
    return passed
  }

  test('has its points at multiples of 25 ms after its start, however long the work took', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const times = []
    for (const work of [0, 1, 12, 24, 25, 26, 49, 51]) times.push(await answeredAfter(t, work))
    assert.deepEqual(times, [25, 25, 25, 25, 50, 50, 50, 75])
  })

  test('does not keep a timer once it has ended', () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    const grid = new ResponseGrid(GRID)
    assert.equal(timers(), before + 1)
    grid.end()
    assert.equal(timers(), before)
  })
})
