import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'

export interface StrengthBar {
  readonly id: string
  /** The id of the password's field. */
  readonly of: string
  /** The strength of the password that was just refused. */
  readonly strength?: keyof Texts['words']['strengths'] | undefined
}

/** Four segments, filled from the start, and the word for them. Empty until the module or a refusal fills it. */
export function strengthBar({ words }: Texts, { id, of, strength }: StrengthBar): Html {
  return html`<p class="strength" id="${id}" role="status" data-strength-of="${of}" data-strength="${strength ?? ''}">
    <span class="unseen">${words.passwordStrength}</span>
    <i></i><i></i><i></i><i></i>
    <span data-word>${strength && words.strengths[strength]}</span>
  </p>`
}
