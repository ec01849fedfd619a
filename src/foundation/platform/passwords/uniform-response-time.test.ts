import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { suite, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { hashSync as bcryptHashSync } from '@node-rs/bcrypt'

import { Secret } from '../../kernel/secret.ts'
import { newPasswordHasher } from './password-hasher.ts'
import { RefusalDeadline } from './uniform-response-time.ts'

const CHEAP = { memory: 64, passes: 1, parallelism: 1, workers: 1, queue: 64 } as const

/** What was begun before all deadlines. */
const NOW = { begunAt: 0, forms: 1 }

suite('the pace of refusals', () => {
  test('does not wait where every hash is of today', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.expectImported([await own.hash(Secret.of('a'))])
    assert.equal(own.stats().deadline, 0)
    await own.settle(NOW)
  })

  test('is a little longer by chance, up to sixteen milliseconds', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let isSettled = false
    const settling = own.settle(NOW).then(() => (isSettled = true))
    for (let turn = 0; turn < 50; turn++) await nextTurn()
    assert.equal(isSettled, false)
    t.mock.timers.tick(16)
    await settling
  })

  test('waits as long as the slowest imported hash takes, counted from the moment its own was begun', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.expectImported([bcryptHashSync('a', 4), bcryptHashSync('a', 8), await own.hash(Secret.of('a'))])
    const { deadline } = own.stats()
    assert.ok(deadline > 0)
    const looked = await own.verify(Secret.of('b'), null)
    await own.settle(looked)
    // Timers count whole milliseconds.
    assert.ok(performance.now() - looked.begunAt >= deadline - 1)
    await own.expectImported([])
    assert.equal(own.stats().deadline, 0)
  })

  test('does not count how long a worker was waited for, and grows by nothing that waits', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    const stored = bcryptHashSync('a', 8)
    const asked = performance.now()
    const crowd = Array.from({ length: 20 }, () => own.verify(Secret.of('b'), stored))
    const last = await own.verify(Secret.of('b'), null)
    const { deadline } = own.stats()
    assert.ok(last.begunAt - asked > deadline, 'it waited for longer than any hash takes')
    await own.settle(last)
    assert.ok(performance.now() - last.begunAt >= deadline - 1)
    await Promise.all(crowd)
  })

  test('is measured also while the queue is full', async (t) => {
    const own = newPasswordHasher({ ...CHEAP, queue: 1 })
    t.after(() => own.close())
    const slow = bcryptHashSync('a', 6)
    const crowd = Array.from({ length: 4 }, () => own.verify(Secret.of('b'), slow))
    const ends = await Promise.allSettled(crowd)
    assert.ok(
      ends.some(({ status }) => status === 'rejected'),
      'the queue was full',
    )
    await own.settle(NOW)
    assert.ok(own.stats().deadline > 0)
  })

  test('is that of the costliest, in whatever order measurements end', async () => {
    const measured = { cheap: Promise.withResolvers<number>(), dear: Promise.withResolvers<number>() }
    const deadline = new RefusalDeadline((stored) => measured[stored as keyof typeof measured].promise)
    deadline.meet({ stored: 'cheap', cost: 1 })
    deadline.meet({ stored: 'dear', cost: 2 })
    measured.dear.resolve(20)
    measured.cheap.resolve(2)
    await deadline.settle(NOW)
    assert.ok(deadline.length >= 20)
  })

  test('leaves room beyond what was measured', async () => {
    const deadline = new RefusalDeadline(() => Promise.resolve(10))
    await deadline.expect([{ stored: 'one', cost: 1 }])
    assert.ok(deadline.length > 10)
  })

  test('is measured anew when a measurement failed', async () => {
    let tries = 0
    const deadline = new RefusalDeadline(() => (++tries === 1 ? Promise.reject(new Error('gone')) : Promise.resolve(3)))
    deadline.meet({ stored: 'one', cost: 1 })
    await deadline.settle(NOW)
    assert.equal(deadline.length, 0)
    deadline.meet({ stored: 'one', cost: 1 })
    await deadline.settle(NOW)
    assert.ok(deadline.length >= 3)
  })

  test('is doubled for a password that has to be tried in two forms', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.expectImported([bcryptHashSync('a', 7)])
    const looked = await own.verify(Secret.of('ü'.normalize('NFD')), null)
    await own.settle(looked)
    assert.ok(performance.now() - looked.begunAt >= 2 * own.stats().deadline - 1)
  })

  test('costs no hash that a request would be charged for', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.expectImported([bcryptHashSync('a', 4)])
    assert.equal(own.stats().hashes, 0)
  })

  test('is measured at the first meeting of an imported hash that nobody announced', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.settle(await own.verify(Secret.of('wrong'), bcryptHashSync('a', 6)))
    assert.ok(own.stats().deadline > 0)
  })
})
