import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'

export interface StrengthBar {
  readonly id: string
  /** The id of the password's field. */
  readonly of: string
}

/** Four segments, filled from the start, and the word for them. Empty until the module fills it, since a refused password is not shown again. */
export function strengthBar({ words }: Texts, { id, of }: StrengthBar): Html {
  return html`<p class="strength" id="${id}" role="status" data-strength-of="${of}" data-strength="">
    <span class="unseen">${words.passwordStrength}</span>
    <i></i><i></i><i></i><i></i>
    <span data-word></span>
  </p>`
}
