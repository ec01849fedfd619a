import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal } from '../../foundation/kernel/refusal.ts'
import { retryOnConflict } from './optimistic-locking.ts'

/** Loses the first so many races. */
function losing(times: number): { work: () => Promise<string>; runs: () => number } {
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

test('a lost race starts over, at most five times', async () => {
  for (const times of [0, 1, 4]) {
    const { work, runs } = losing(times)
    assert.equal(await retryOnConflict(work), 'done')
    assert.equal(runs(), times + 1)
  }
  const { work, runs } = losing(5)
  // Whoever named no state would not know what "changed since you read it" is about.
  await assert.rejects(retryOnConflict(work), (error: Refusal) => error.code === 'service.busy')
  assert.equal(runs(), 5)
})

test('a change that names a revision is refused at the first conflict', async () => {
  const { work, runs } = losing(1)
  await assert.rejects(
    retryOnConflict(work, () => {}),
    isStale,
  )
  assert.equal(runs(), 1)
})

test('anything else that goes wrong is not tried again', async () => {
  let runs = 0
  const work = async (): Promise<never> => {
    runs += 1
    throw new Refusal('user.username_taken')
  }
  await assert.rejects(retryOnConflict(work), (error: Refusal) => error.code === 'user.username_taken')
  assert.equal(runs, 1)
})
