import { html } from '../html.ts'
import type { Html } from '../html.ts'

export interface ListRow {
  readonly id?: string | undefined
  readonly name: Html | string
  readonly detail?: Html | string | undefined
  /** A small form or a link at the end of the row. */
  readonly action?: Html | undefined
}

/** A short list of things, each with its action. */
export function rowList(rows: readonly ListRow[]): Html {
  return html`<ul class="rows">
    ${rows.map(listItem)}
  </ul>`
}

function listItem({ id, name, detail, action }: ListRow): Html {
  return html`<li ${id && html`id="${id}"`}>
    <div class="about">
      <div class="name">${name}</div>
      ${detail && html`<div class="small">${detail}</div>`}
    </div>
    ${action && html`<div class="action">${action}</div>`}
  </li>`
}
