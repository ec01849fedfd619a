// Waiting for the write lock of a SQLite file: in this process by a queue, and for other processes by repetition.
import { setTimeout as sleep } from 'node:timers/promises'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { type Duration, seconds } from '#foundation/kernel/time.ts'
import { isBusy } from '../errors.ts'

/** How long a write waits for other writers of this process and of other processes. */
export const BUSY_TIMEOUT: Duration = seconds(5)
const LONGEST_PAUSE: Duration = 50

/**
 * Runs `work` again while another process has locked the file. The pauses have random length (jitter) and do not block the event loop.
 * Throws `service.busy` when `BUSY_TIMEOUT` has passed since `started` (a value of `performance.now`).
 */
export async function retryWhileBusy<Result>(
  work: () => Result,
  started = performance.now(),
  turn = 1,
): Promise<Result> {
  if (performance.now() - started >= BUSY_TIMEOUT) throw busy()
  try {
    return work()
  } catch (error) {
    if (!isBusy(error)) throw error
  }
  await sleep(Math.random() * Math.min(LONGEST_PAUSE, 4 * turn))
  return retryWhileBusy(work, started, turn + 1)
}

function busy(): Refusal {
  return new Refusal('service.busy', { retryAfter: 1 })
}

/** A lock for the writer with a FIFO queue. */
export class WriterQueue {
  #isTaken = false
  readonly #waiting: (() => void)[] = []

  /** Resolves with the lock. Throws `service.busy` if that takes longer than `BUSY_TIMEOUT`. */
  async enter(): Promise<void> {
    if (this.enterIfFree()) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    const timer = setTimeout(() => {
      const position = this.#waiting.indexOf(resolve)
      if (position === -1) return
      this.#waiting.splice(position, 1)
      reject(busy())
    }, BUSY_TIMEOUT)
    await promise.finally(() => clearTimeout(timer))
  }

  /** Takes the lock if it is free, and returns whether it did. */
  enterIfFree(): boolean {
    if (this.#isTaken) return false
    this.#isTaken = true
    return true
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#isTaken = false
  }
}
