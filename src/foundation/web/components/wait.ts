import type { Refusal } from '../../kernel/refusal.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { refusalSentence } from '../../texts/texts.ts'
import type { Texts } from '../../texts/texts.ts'
import { waitInWords } from '../../texts/spans.ts'

/** The module for the countdown. The sentence is correct when the server sends it; the module keeps it up to date. */
export const WAIT_MODULE = 'countdown' as const

/** The sentence of a refusal. If it contains a wait, the module `countdown` counts it down and says when it is over. */
export function refusalWords(say: Texts, refusal: Refusal): Html | string {
  const sentence = refusalSentence(say, refusal)
  const { retryAfter } = refusal.facts
  if (refusal.code !== 'throttle.blocked' || retryAfter === undefined) return sentence
  const wait = waitInWords(say.language, retryAfter) ?? ''
  const [before, after] = sentence.split(wait)
  if (after === undefined) return sentence
  return html`<span data-counts-to="${Math.max(1, Math.ceil(retryAfter))}" data-over="${say.error.waitOver}"
    >${before}<span data-left>${wait}</span>${after}</span
  >`
}
