import { type Html, html } from '../html.ts'
import { icon, withIcon } from './icon.ts'

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

/** Further buttons of a row of buttons, behind one of them; it works as a row menu does. */
export function moreMenu(label: string, entries: readonly Html[]): Html {
  return html`<details class="menu more" name="row-menu">
    <summary class="button">${withIcon('more', label)}</summary>
    <ul>
      ${entries.map((entry) => html`<li>${entry}</li>`)}
    </ul>
  </details>`
}

/** A button that offers several things to add; it works as a row menu does. With an `id` links can lead to it. */
export function addMenu(label: string, entries: readonly Html[], id?: string): Html {
  return html`<details class="menu add" name="row-menu" ${id && html`id="${id}"`}>
    <summary class="button">${withIcon('plus', label)}</summary>
    <ul>
      ${entries.map((entry) => html`<li>${entry}</li>`)}
    </ul>
  </details>`
}
