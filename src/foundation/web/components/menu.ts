import { html } from '../html.ts'
import type { Html } from '../html.ts'
import { icon } from './icon.ts'

export interface RowMenu {
  /** The name of the button, such as "Actions for ada". */
  readonly label: Html | string
  /** A fact about the row, above the entries. */
  readonly about?: Html | undefined
  readonly entries: readonly Html[]
}

/** What can be done to a row, behind three dots. It opens without scripts; the module `menu` also closes it on Escape and a click outside. */
export function rowMenu({ label, about, entries }: RowMenu): Html {
  return html`<details class="menu" name="row-menu">
    <summary>${icon('more')}<span class="unseen">${label}</span></summary>
    <ul>
      ${about && html`<li class="small">${about}</li>`} ${entries.map((entry) => html`<li>${entry}</li>`)}
    </ul>
  </details>`
}
