import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { copyButton } from './copy-field.ts'

/**
 * By what an admin finds out why somebody was refused; it tells the reader nothing. On pages that load the module `copy`,
 * it can be copied.
 */
export function referenceLine(say: Texts, reference: string): Html {
  return toBeGiven(say, { id: 'refusal-reference', words: say.error.reference, value: reference })
}

/** By what the log knows a request; no reference, as no admin looks it up on a page. */
export function requestIdLine(say: Texts, requestId: string): Html {
  return toBeGiven(say, { id: 'request-id', words: say.error.requestId, value: requestId })
}

interface ToBeGiven {
  readonly id: string
  readonly words: string
  readonly value: string
}

function toBeGiven(say: Texts, { id, words, value }: ToBeGiven): Html {
  return html`<div class="reference small">
    <p>${words}</p>
    <p><code id="${id}">${value}</code> ${copyButton(say, id)}</p>
  </div>`
}
