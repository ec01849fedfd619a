import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal } from '../../foundation/kernel/refusal.ts'
import { retryOnConflict } from './optimistic-locking.ts'

/** Work that throws `user.stale` in its first `times` runs. */
function conflicting(times: number): { work: () => Promise<string>; runs: () => number } {
  let runs = 0
  return {
    work: async () => {
      runs += 1
      if (runs <= times) throw new Refusal('user.stale')
      return 'done'
    },
    runs: () => runs,
  }
}

const isStale = (error: unknown): boolean => error instanceof Refusal && error.code === 'user.stale'

test('a run with a conflict is repeated, at most five times', async () => {
  for (const times of [0, 1, 4]) {
    const { work, runs } = conflicting(times)
    assert.equal(await retryOnConflict(work), 'done')
    assert.equal(runs(), times + 1)
  }
  const { work, runs } = conflicting(5)
  // A client that sent no precondition does not get `user.stale`, which refers to the state that it has read.
  await assert.rejects(retryOnConflict(work), (error: Refusal) => error.code === 'service.busy')
  assert.equal(runs(), 5)
})

test('a change that names a revision is refused at the first conflict', async () => {
  const { work, runs } = conflicting(1)
  await assert.rejects(
    retryOnConflict(work, () => {}),
    isStale,
  )
  assert.equal(runs(), 1)
})

test('any other error is not retried', async () => {
  let runs = 0
  const work = async (): Promise<never> => {
    runs += 1
    throw new Refusal('user.username_taken')
  }
  await assert.rejects(retryOnConflict(work), (error: Refusal) => error.code === 'user.username_taken')
  assert.equal(runs, 1)
})
