import { html } from '../html.ts'
import type { Html } from '../html.ts'
import type { Texts } from '../../texts/texts.ts'

export interface CopyField {
  readonly id: string
  readonly label: string
  readonly groups: readonly string[]
  /** `copyButton` for the same id, on pages that load the module `copy`. */
  readonly action?: Html | undefined
}

/** A value to be copied elsewhere: one click selects all of it; it is shown in groups and copied without them. */
export function copyField({ id, label, groups, action }: CopyField): Html {
  return html`<dl class="copy">
    <dt>${label}</dt>
    <dd><code id="${id}">${groups.map((group) => html`<span>${group}</span>`)}</code>${action}</dd>
  </dl>`
}

/** Copies the text of the element with this id. The module `copy` shows the button, which does nothing without scripts. */
export function copyButton({ words }: Texts, id: string): Html {
  return html`<button
    class="button quiet copies"
    type="button"
    data-copies="${id}"
    data-copied="${words.copied}"
    aria-describedby="${id}"
    hidden
  >
    ${words.copy}
  </button>`
}

/** The text in groups of four, which are easier to read and to type. */
export function inGroupsOfFour(text: string): string[] {
  return text.match(/.{1,4}/gu) ?? []
}
