import type { Duration } from '../../../kernel/time.ts'

/** Number of steps in which the time is measured. A silence that begins within a step is counted from the next one. */
const STEPS = 4

/**
 * Closes a connection whose other end has become silent. A firewall that dropped the connection and a server that lost its power send no
 * notice, and TCP retransmits for a quarter of an hour. The time is measured only while an answer is pending.
 */
export class AnswerDeadline {
  readonly #step: Duration
  readonly #cut: () => void
  #pending = 0
  #silentSteps = 0
  #timer: NodeJS.Timeout | undefined

  constructor(within: Duration, cut: () => void) {
    this.#step = within / STEPS
    this.#cut = cut
  }

  /** Returns the answer and measures the time until then. The calling class rejects pending answers when `cut` closes the connection. */
  async of<Answer>(answer: Promise<Answer>): Promise<Answer> {
    if (this.#pending === 0) this.#silentSteps = 0
    this.#pending += 1
    this.#timer ??= this.#watch()
    try {
      return await answer
    } finally {
      this.#pending -= 1
      this.#silentSteps = 0
    }
  }

  #watch(): NodeJS.Timeout {
    const check = (): void => {
      this.#silentSteps += 1
      if (this.#pending > 0 && this.#silentSteps <= STEPS) return
      clearInterval(this.#timer)
      this.#timer = undefined
      if (this.#pending > 0) this.#cut()
    }
    return setInterval(check, this.#step).unref()
  }
}
