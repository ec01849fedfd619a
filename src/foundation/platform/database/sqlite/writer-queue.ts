import { Refusal } from '../../../kernel/refusal.ts'
import type { Duration } from '../../../kernel/time.ts'

/** Lets one at a time write, in the order of asking. */
export class WriterQueue {
  #taken = false
  readonly #waiting: (() => void)[] = []

  /** Resolves when it is the caller's turn; `service.busy` when that takes longer than `within`. */
  async enter(within: Duration): Promise<void> {
    if (!this.#taken) {
      this.#taken = true
      return
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push(resolve)
    const timer = setTimeout(() => {
      const place = this.#waiting.indexOf(resolve)
      if (place === -1) return
      this.#waiting.splice(place, 1)
      reject(new Refusal('service.busy', { retryAfter: 1 }))
    }, within)
    await promise.finally(() => clearTimeout(timer))
  }

  /** Takes the turn if nobody has it; whether it did. */
  enterIfFree(): boolean {
    if (this.#taken) return false
    this.#taken = true
    return true
  }

  leave(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#taken = false
  }
}
