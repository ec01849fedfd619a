import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'
import { copyButton } from './copy-field.ts'

/**
 * The reference of a refusal, by which an admin finds its audit event; it reveals nothing to the user. Pages that load the module `copy`
 * can copy it.
 */
export function referenceLine(say: Texts, reference: string): Html {
  return copiedId(say, { id: 'refusal-reference', words: say.error.reference, value: reference })
}

/** The id of the request in the log. It is not a reference, because no page looks it up. */
export function requestIdLine(say: Texts, requestId: string): Html {
  return copiedId(say, { id: 'request-id', words: say.error.requestId, value: requestId })
}

interface CopiedId {
  readonly id: string
  readonly words: string
  readonly value: string
}

function copiedId(say: Texts, { id, words, value }: CopiedId): Html {
  return html`<div class="reference small">
    <p>${words}</p>
    <p><code id="${id}">${value}</code> ${copyButton(say, id)}</p>
  </div>`
}
