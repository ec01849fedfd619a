import assert from 'node:assert/strict'
import { test } from 'node:test'

import { LostUpdate, matchesForm, retryOnConflict } from './optimistic-locking.ts'
import { Refusal } from './refusal.ts'

/** Work that finds another revision in its first `times` runs. */
function conflicting(times: number): { work: () => Promise<string>; runs: () => number } {
  let runs = 0
  return {
    work: async () => {
      runs += 1
      if (runs <= times) throw new LostUpdate()
      return 'done'
    },
    runs: () => runs,
  }
}

test('a run with a conflict is repeated, at most five times', async () => {
  for (const times of [0, 1, 4]) {
    const { work, runs } = conflicting(times)
    assert.equal(await retryOnConflict(work), 'done')
    assert.equal(runs(), times + 1)
  }
  const { work, runs } = conflicting(5)
  await assert.rejects(retryOnConflict(work), (error: Refusal) => error.code === 'service.busy')
  assert.equal(runs(), 5)
})

test('a precondition that fails in a repetition is refused, and not repeated again', async () => {
  let stored = 'first'
  const unchanged = matchesForm<string>('first', (current) => current)
  const seen: string[] = []
  const work = async (conflicts: number): Promise<void> => {
    seen.push(stored)
    unchanged?.(stored)
    stored = 'second'
    if (conflicts === 0) throw new LostUpdate()
  }
  await assert.rejects(retryOnConflict(work), (error: Refusal) => error.code === 'resource.stale')
  assert.deepEqual(seen, ['first', 'second'])
})

test('a form without a tag has no precondition', () => {
  assert.equal(
    matchesForm<string>(undefined, (current) => current),
    undefined,
  )
})

test('any other error is not retried', async () => {
  let runs = 0
  const work = async (): Promise<never> => {
    runs += 1
    throw new Refusal('service.busy')
  }
  await assert.rejects(retryOnConflict(work), (error: Refusal) => error.code === 'service.busy')
  assert.equal(runs, 1)
})
