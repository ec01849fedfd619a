import { hash } from 'node:crypto'

import { CLOCK_TOLERANCE, seconds } from '../kernel/time.ts'
import type { Instant } from '../kernel/time.ts'

/** How long after its answer a form that comes again still counts as pressed twice. */
const REMEMBERED = seconds(30)
const MOST = 1000

interface Pressed<Answer> {
  readonly browser: string
  readonly answer: Promise<Answer>
  /** Until when it is given again; unknown while it is worked on. */
  until: Instant
}

/**
 * Whoever presses a button twice gets one answer: the same form of the same browser, sent again while the first is worked on
 * or shortly after it succeeded, is not done a second time. Without this the second press would find its code used, and the
 * browser, which shows the answer to the last press, would never see the success. Once another form of that browser has
 * succeeded, the one before is new again: a password that was changed there and back is changed a third time. On one node only;
 * on another, the second press is refused like every replay.
 */
export class OncePressed<Answer> {
  readonly #pressed = new Map<string, Pressed<Answer>>()
  readonly #succeeded: (answer: Answer) => boolean

  /** @param succeeded which answers are given again; any other is forgotten with the request */
  constructor(succeeded: (answer: Answer) => boolean) {
    this.#succeeded = succeeded
  }

  /** @param form what makes two forms the same: whose browser it is first, then what was typed; only hashes of them are kept */
  answer(form: readonly string[], now: Instant, work: () => Promise<Answer>): Promise<Answer> {
    this.#forget(now)
    const key = hash('sha256', JSON.stringify(form))
    const known = this.#pressed.get(key)
    if (known) return known.answer
    const pressed = { browser: hash('sha256', form[0] ?? ''), answer: work(), until: Infinity }
    this.#pressed.set(key, pressed)
    pressed.answer.then(
      (answer) => (this.#succeeded(answer) ? this.#remember(pressed, now) : this.#pressed.delete(key)),
      () => this.#pressed.delete(key),
    )
    return pressed.answer
  }

  #remember(pressed: Pressed<Answer>, now: Instant): void {
    for (const [key, { browser, until }] of this.#pressed) {
      if (browser === pressed.browser && until !== Infinity) this.#pressed.delete(key)
    }
    pressed.until = now + REMEMBERED
  }

  #forget(now: Instant): void {
    for (const [key, { until }] of this.#pressed) {
      // An entry that lasts longer than any can was made while the clock was ahead.
      const isOver = until <= now || (until !== Infinity && until - now > REMEMBERED + CLOCK_TOLERANCE)
      if (isOver || this.#pressed.size > MOST) this.#pressed.delete(key)
    }
  }
}
