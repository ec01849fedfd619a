import assert from 'node:assert/strict'
import { performance } from 'node:perf_hooks'
import { suite, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { hashSync as bcryptHashSync } from '@node-rs/bcrypt'

import { Secret } from '../kernel/secret.ts'
import { newPasswordHasher } from './password-hasher.ts'

const CHEAP = { memory: 64, passes: 1, parallelism: 1, workers: 1, queue: 64 } as const

suite('the pace of refusals', () => {
  test('does not wait where every hash is of today', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.expectImported([await own.hash(Secret.of('a'))])
    assert.equal(own.stats().deadline, 0)
    await own.pace().settle()
  })

  test('is a little longer by chance, up to sixteen milliseconds', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    t.mock.timers.enable({ apis: ['setTimeout'] })
    let isSettled = false
    const settling = own
      .pace()
      .settle()
      .then(() => (isSettled = true))
    for (let turn = 0; turn < 50; turn++) await nextTurn()
    assert.equal(isSettled, false)
    t.mock.timers.tick(16)
    await settling
  })

  test('waits as long as the slowest imported hash takes, counted from the start', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.expectImported([bcryptHashSync('a', 4), bcryptHashSync('a', 8), await own.hash(Secret.of('a'))])
    const { deadline } = own.stats()
    assert.ok(deadline > 0)
    const start = performance.now()
    const pace = own.pace()
    await own.verify(Secret.of('b'), null)
    await pace.settle()
    // Timers count whole milliseconds.
    assert.ok(performance.now() - start >= deadline - 1)
    await own.expectImported([])
    assert.equal(own.stats().deadline, 0)
  })

  test('is doubled for a password that has to be tried in two forms', async (t) => {
    const own = newPasswordHasher(CHEAP)
    t.after(() => own.close())
    await own.expectImported([bcryptHashSync('a', 7)])
    const start = performance.now()
    await own.pace(Secret.of('ü'.normalize('NFD'))).settle()
    assert.ok(performance.now() - start >= 2 * own.stats().deadline - 1)
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
    const pace = own.pace()
    await own.verify(Secret.of('wrong'), bcryptHashSync('a', 6))
    await pace.settle()
    assert.ok(own.stats().deadline > 0)
  })
})
