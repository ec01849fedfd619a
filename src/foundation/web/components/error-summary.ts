// Why a form was refused: the sentence of a refusal, and all errors of the form.
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { waitInWords } from '#foundation/texts/spans.ts'
import { refusalSentence, type Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'

/** The sentence of a refusal. If it contains a wait, the module `countdown` counts it down and says when it is over. */
export function refusalWords(say: Texts, refusal: Refusal): Html | string {
  const sentence = refusalSentence(say, refusal)
  const { retryAfter } = refusal.facts
  if (retryAfter === undefined) return sentence
  const wait = waitInWords(say.language, retryAfter) ?? ''
  const [before, after] = sentence.split(wait)
  if (after === undefined) return sentence
  return html`<span data-counts-to="${Math.max(1, Math.ceil(retryAfter))}" data-over="${say.error.waitOver}"
    >${before}<span class="whole" data-left>${wait}</span>${after}</span
  >`
}

export interface Summary {
  readonly heading: string
  /** `field` is the id of the field to which the message links. */
  readonly items: readonly { readonly message: Html | string; readonly field?: string | undefined }[]
  /** Whether the summary gets the focus; if not, the field that it describes does. */
  readonly focused: boolean
  /** `warn` where the user made no mistake. */
  readonly kind?: 'danger' | 'warn'
  /** What else can be done, below the messages. */
  readonly below?: Html
}

export const SUMMARY_ID = 'error-summary'

/** All errors of a form, above it. */
export function errorSummary({ heading, items, focused, kind = 'danger', below }: Summary): Html {
  return html`<div
    class="banner ${kind} summary"
    id="${SUMMARY_ID}"
    role="alert"
    tabindex="-1"
    ${focused && html`autofocus`}
  >
    <h2>${heading}</h2>
    <ul>
      ${items.map(({ message, field }) => html`<li>${field === undefined ? message : html`<a href="#${field}">${message}</a>`}</li>`)}
    </ul>
    ${below}
  </div>`
}
