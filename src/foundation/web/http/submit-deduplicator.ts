import { hash } from 'node:crypto'

import type { With } from '#foundation/context.ts'
import { CLOCK_TOLERANCE, type Instant, seconds } from '#foundation/kernel/time.ts'
import { type Html, html } from '../html.ts'
import { fieldIn } from './redirect.ts'

const SUBMISSION_FIELD = 'press'
const SUBMISSION_ID_BYTES = 16

/** How long after its answer a repeated form counts as a duplicate. */
const REMEMBERED = seconds(30)
const MOST_SUBMISSIONS = 1000

export interface SubmittedForm<Answer> {
  /** The browser: the id of its session or its sign-in attempt. */
  readonly browser: string
  /** The submitted form. */
  readonly body: unknown
  /** The values of the fields that the user typed. */
  readonly typed: readonly string[]
  /** Whether the answer still holds; without it, an answer holds as long as it is remembered. */
  readonly stands?: (answer: Answer) => Promise<boolean>
}

interface Submission<Answer> {
  readonly browser: string
  readonly answer: Promise<Answer>
  /** The time until which the answer is repeated; infinite while the form is being processed. */
  until: Instant
}

/**
 * The hidden field that identifies the form of one page. Its value is random and stands in that page only, so a client with a stolen cookie
 * and a page of its own never gets the answer that contains the owner's recovery codes or next token.
 */
export function pressField({ random }: With<'random'>): Html {
  const submissionId = Buffer.from(random(SUBMISSION_ID_BYTES)).toString('base64url')
  return html`<input type="hidden" name="${SUBMISSION_FIELD}" value="${submissionId}" />`
}

/** The random value of the form's `pressField`; undefined for a form without one. */
export function submissionIdIn(body: unknown): string | undefined {
  const value = fieldIn(body, SUBMISSION_FIELD)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/**
 * Gives a form that is submitted twice one answer: while the first submission is being processed, or shortly after it succeeded, the second
 * one is not processed again. Without this the second submission would find its code consumed, and the browser, which shows the answer to
 * the last submission, would never show the success. A form without a `pressField` is processed each time. After another form of the same
 * browser has succeeded, the earlier answer is discarded, so that a password can be changed back and forth. Each node remembers its own
 * answers; on another node a duplicate is processed, and finds its code consumed.
 */
export class SubmitDeduplicator<Answer> {
  readonly #submissions = new Map<string, Submission<Answer>>()
  readonly #succeeded: (answer: Answer) => boolean

  /** @param succeeded whether an answer is repeated to duplicates; any other is discarded */
  constructor(succeeded: (answer: Answer) => boolean) {
    this.#succeeded = succeeded
  }

  /** @param form what identifies a submission; only hashes of it are stored */
  answer(form: SubmittedForm<Answer>, now: Instant, work: () => Promise<Answer>): Promise<Answer> {
    this.#forget(now)
    const { browser, body, typed, stands } = form
    const submissionId = submissionIdIn(body)
    if (submissionId === undefined) return work()
    const key = hash('sha256', JSON.stringify([browser, submissionId, ...typed]))
    const duplicate = this.#submissions.get(key)
    if (duplicate) return repeated(duplicate.answer, stands, work)
    const submission = { browser: hash('sha256', browser), answer: work(), until: Infinity }
    this.#submissions.set(key, submission)
    submission.answer.then(
      (answer) => (this.#succeeded(answer) ? this.#remember(submission, now) : this.#submissions.delete(key)),
      () => this.#submissions.delete(key),
    )
    return submission.answer
  }

  #remember(submission: Submission<Answer>, now: Instant): void {
    for (const [key, { browser, until }] of this.#submissions) {
      if (browser === submission.browser && until !== Infinity) this.#submissions.delete(key)
    }
    submission.until = now + REMEMBERED
  }

  #forget(now: Instant): void {
    for (const [key, { until }] of this.#submissions) {
      // An entry that expires later than an entry can was stored while the clock was ahead.
      const isExpired = until <= now || (until !== Infinity && until - now > REMEMBERED + CLOCK_TOLERANCE)
      if (isExpired || this.#submissions.size > MOST_SUBMISSIONS) this.#submissions.delete(key)
    }
  }
}

async function repeated<Answer>(
  first: Promise<Answer>,
  stands: SubmittedForm<Answer>['stands'],
  work: () => Promise<Answer>,
): Promise<Answer> {
  const answer = await first
  return stands === undefined || (await stands(answer)) ? answer : work()
}
