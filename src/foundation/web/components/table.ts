import { html } from '../html.ts'
import type { Html } from '../html.ts'

export interface Column {
  /** Markup where the words are only heard, such as over the boxes that select rows. */
  readonly label: Html | string
  /** How the rows are ordered by it; `none` where they could be. */
  readonly sort?: 'ascending' | 'descending' | 'none'
  /** Orders the rows by it. */
  readonly href?: string
}

export interface Row {
  readonly id?: string
  readonly cells: readonly (Html | string)[]
}

export interface DataTable {
  /** What the table is, for those who hear it. */
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /** Stands in its place while there are no rows. */
  readonly empty: Html
}

/** A column whose heading is only heard: what stands in it says itself what it is, such as buttons. */
export function screenReaderColumn(label: string): Column {
  return { label: html`<span class="unseen">${label}</span>` }
}

/**
 * Rows under headings; where there is little room each row is a card in which every value has its heading beside it. The
 * first column with a label in words names the row.
 */
export function dataTable({ caption, columns, rows, empty }: DataTable): Html {
  if (rows.length === 0) return html`<div class="empty">${empty}</div>`
  const naming = columns.findIndex(({ label }) => typeof label === 'string')
  return html`<div class="table">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${columns.map(heading)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => rowOf(row, columns, naming))}
      </tbody>
    </table>
  </div>`
}

function heading({ label, sort, href }: Column): Html {
  const content = href === undefined ? html`${label}` : html`<a href="${href}">${label}</a>`
  return html`<th scope="col" ${sort && html`aria-sort="${sort}"`}>${content}</th>`
}

function rowOf({ id, cells }: Row, columns: readonly Column[], naming: number): Html {
  return html`<tr ${id && html`id="${id}"`}>
    ${cells.map((cell, at) => cellOf(cell, columns[at]?.label, at === naming))}
  </tr>`
}

function cellOf(cell: Html | string, label: Html | string | undefined, names: boolean): Html {
  const labelled = typeof label === 'string' && html`data-label="${label}"`
  return names
    ? html`<th scope="row" ${labelled}><div>${cell}</div></th>`
    : html`<td ${labelled}><div>${cell}</div></td>`
}
