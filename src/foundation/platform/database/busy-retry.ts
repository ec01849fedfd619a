import { setTimeout as sleep } from 'node:timers/promises'

import { Refusal } from '../../kernel/refusal.ts'
import { seconds } from '../../kernel/time.ts'
import type { Duration } from '../../kernel/time.ts'
import { isBusy } from './errors.ts'

/** How long a write waits for other writers of this process and of other processes. */
export const BUSY_TIMEOUT: Duration = seconds(5)
const LONGEST_PAUSE: Duration = 50

/**
 * Runs `work` again while another process has locked the file. The pauses have random length (jitter) and do not block the event loop.
 * Throws `service.busy` when `BUSY_TIMEOUT` has passed since `started` (a value of `performance.now`).
 */
export async function retryWhileBusy<Result>(work: () => Result, started = performance.now()): Promise<Result> {
  for (let turn = 1; performance.now() - started < BUSY_TIMEOUT; turn++) {
    const outcome = tryOnce(work)
    if (outcome) return outcome.result
    await sleep(Math.random() * Math.min(LONGEST_PAUSE, 4 * turn))
  }
  throw new Refusal('service.busy', { retryAfter: 1 })
}

function tryOnce<Result>(work: () => Result): { result: Result } | undefined {
  try {
    return { result: work() }
  } catch (error) {
    if (isBusy(error)) return undefined
    throw error
  }
}
