import type { Duration } from '../../../kernel/time.ts'

/** In how many steps the time is taken; silence that begins within one is counted from the next. */
const STEPS = 4

/**
 * Cuts a connection whose other end fell silent: a firewall that forgot it, or a server that is gone without a word, tells
 * nobody, and TCP by itself goes on trying for a quarter of an hour. Counts only while an answer is waited for.
 */
export class AnswerDeadline {
  readonly #step: Duration
  readonly #cut: () => void
  #waiting = 0
  #silentSteps = 0
  #timer: NodeJS.Timeout | undefined

  constructor(within: Duration, cut: () => void) {
    this.#step = within / STEPS
    this.#cut = cut
  }

  /** The answer, while it is watched for; what is under way when the connection is cut must reject by that. */
  async of<Answer>(answer: Promise<Answer>): Promise<Answer> {
    if (this.#waiting === 0) this.#silentSteps = 0
    this.#waiting += 1
    this.#timer ??= this.#watch()
    try {
      return await answer
    } finally {
      this.#waiting -= 1
      this.#silentSteps = 0
    }
  }

  #watch(): NodeJS.Timeout {
    const look = (): void => {
      this.#silentSteps += 1
      if (this.#waiting > 0 && this.#silentSteps <= STEPS) return
      clearInterval(this.#timer)
      this.#timer = undefined
      if (this.#waiting > 0) this.#cut()
    }
    return setInterval(look, this.#step).unref()
  }
}
