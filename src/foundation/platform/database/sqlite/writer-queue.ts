import { Refusal } from '../../../kernel/refusal.ts'
import type { Duration } from '../../../kernel/time.ts'

/** A lock for the writer with a FIFO queue. */
export class WriterQueue {
  #isTaken = false
  readonly #waiting: (() => void)[] = []

  /** Resolves with the lock. Throws `service.busy` if that takes longer than `within`. */
  async enter(within: Duration): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    const timer = setTimeout(() => {
      const position = this.#waiting.indexOf(resolve)
      if (position === -1) return
      this.#waiting.splice(position, 1)
      reject(new Refusal('service.busy', { retryAfter: 1 }))
    }, within)
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
