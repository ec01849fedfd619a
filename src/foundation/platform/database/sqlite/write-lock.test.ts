import assert from 'node:assert/strict'
import { test } from 'node:test'

import { seconds } from '#foundation/kernel/time.ts'
import { retryWhileBusy } from './write-lock.ts'

const FIVE = seconds(5)

test('work that waits for the file is tried again until five seconds have passed', async () => {
  assert.equal(await retryWhileBusy(() => 'done', performance.now() - FIVE + seconds(1)), 'done')
  await assert.rejects(
    retryWhileBusy(() => 'done', performance.now() - FIVE - 1),
    { code: 'service.busy' },
  )
})
