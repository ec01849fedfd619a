import { hash } from 'node:crypto'

import type { With } from '../../context.ts'
import { CLOCK_TOLERANCE, seconds } from '../../kernel/time.ts'
import type { Instant } from '../../kernel/time.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'

const PRESS = 'press'
const PRESS_BYTES = 16

/** How long after its answer a form that comes again still counts as pressed twice. */
const REMEMBERED = seconds(30)
const MOST = 1000

export interface PressedForm {
  /** Whose browser it is: the session or the attempt that it belongs to. */
  readonly browser: string
  /** The form as it was sent. */
  readonly body: unknown
  /** What was typed. */
  readonly typed: readonly string[]
}

interface Submission<Answer> {
  readonly browser: string
  readonly answer: Promise<Answer>
  /** Until when it is given again; unknown while it is worked on. */
  until: Instant
}

/**
 * The hidden field by which a form of one page is known again. It is random and stands in that page only, so that whoever holds
 * a copy of a cookie, and a page of their own, is not answered with the codes or the next token of its owner.
 */
export function pressField({ random }: With<'random'>): Html {
  const press = Buffer.from(random(PRESS_BYTES)).toString('base64url')
  return html`<input type="hidden" name="${PRESS}" value="${press}" />`
}

/**
 * Whoever presses a button twice gets one answer: the form of one page, sent again while the first is worked on or shortly
 * after it succeeded, is not done a second time. Without this the second press would find its code used, and the browser, which
 * shows the answer to the last press, would never see the success. A form without a `pressField` is done each time. Once another
 * form of that browser has succeeded, the one before is new again: a password that was changed there and back is changed a third
 * time. On one node only; on another, the second press is refused like every replay.
 */
export class SubmitDeduplicator<Answer> {
  readonly #pressed = new Map<string, Submission<Answer>>()
  readonly #succeeded: (answer: Answer) => boolean

  /** @param succeeded which answers are given again; any other is forgotten with the request */
  constructor(succeeded: (answer: Answer) => boolean) {
    this.#succeeded = succeeded
  }

  /** @param form what makes two presses the same; only hashes of it are kept */
  answer({ browser, body, typed }: PressedForm, now: Instant, work: () => Promise<Answer>): Promise<Answer> {
    this.#forget(now)
    const press = pressIn(body)
    if (press === undefined) return work()
    const key = hash('sha256', JSON.stringify([browser, press, ...typed]))
    const known = this.#pressed.get(key)
    if (known) return known.answer
    const pressed = { browser: hash('sha256', browser), answer: work(), until: Infinity }
    this.#pressed.set(key, pressed)
    pressed.answer.then(
      (answer) => (this.#succeeded(answer) ? this.#remember(pressed, now) : this.#pressed.delete(key)),
      () => this.#pressed.delete(key),
    )
    return pressed.answer
  }

  #remember(pressed: Submission<Answer>, now: Instant): void {
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

function pressIn(body: unknown): string | undefined {
  const sent = (body as Readonly<Record<string, unknown>> | null | undefined)?.[PRESS]
  return typeof sent === 'string' && sent !== '' ? sent : undefined
}
