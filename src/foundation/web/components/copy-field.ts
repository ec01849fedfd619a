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

/** A value to be carried elsewhere by hand: selected whole with one click, shown in groups, copied as it stands. */
export function copyField({ id, label, groups, action }: CopyField): Html {
  return html`<dl class="copy">
    <dt>${label}</dt>
    <dd><code id="${id}">${groups.map((group) => html`<span>${group}</span>`)}</code>${action}</dd>
  </dl>`
}

/** Copies the text of the element with that id; the module `copy` shows it, because without scripts nothing can copy. */
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

/** The text in groups of four, easier to read and to type. */
export function inGroupsOfFour(text: string): string[] {
  return text.match(/.{1,4}/gu) ?? []
}
