import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../texts.ts'
import { copyButton } from './copy-field.ts'

const ID = 'refusal-reference'

/**
 * By what an admin finds out why somebody was refused; it tells the reader nothing. On pages that load the module `copy`,
 * it can be copied.
 */
export function referenceLine(say: Texts, reference: string): Html {
  return html`<p class="small">
    ${say.error.refusalReference} <code class="reference" id="${ID}">${reference}</code> ${copyButton(say, ID)}
  </p>`
}
