import { type Html, html } from '../html.ts'

/** A cell without a value. In the cards of a narrow screen it is left out with its label. */
export const BLANK = '–'

export interface Column {
  /** Markup if the label is for screen readers only, as over the boxes that select rows. */
  readonly label: Html | string
  /** Each value explains itself, as an email does, so that it stands without its label in the card of a compact table. */
  readonly isPlain?: boolean
  /** How the rows are sorted by this column; `none` if they could be. */
  readonly sort?: 'ascending' | 'descending' | 'none'
  /** The URL that sorts the rows by this column. */
  readonly href?: string
}

export interface Row {
  readonly id?: string
  /** The id of the rows that belong together, which follow each other. */
  readonly group?: string
  /** The heading above the rows that have the same one and follow each other, such as a day. */
  readonly heading?: string
  readonly cells: readonly (Html | string)[]
}

export interface DataTable {
  /** What the table contains, for screen readers. */
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  /** Shown instead of the table if there are no rows: an `emptyState` where the table is what its page is for, else a sentence. */
  readonly empty: Html
  /** Further classes, such as `low` or, in a section, `compact` for rows of two lines at most. */
  readonly kind?: string
}

/** A column whose heading is for screen readers only, because its cells, such as buttons, explain themselves. */
export function screenReaderColumn(label: string): Column {
  return { label: html`<span class="unseen">${label}</span>` }
}

/**
 * Rows under headings. On a narrow screen each row is a card in which each value stands beside its heading, unless it explains itself. The first column with a text
 * label is the header of its row.
 */
export function dataTable({ caption, columns, rows, empty, kind }: DataTable): Html {
  if (rows.length === 0) return empty
  const naming = columns.findIndex(({ label }) => typeof label === 'string')
  return html`<div class="table${kind && ` ${kind}`}">
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr data-roving>
          ${columns.map(heading)}
        </tr>
      </thead>
      ${[...Map.groupBy(rows, ({ group, heading }) => heading ?? group).values()].map(
        (own) =>
          html`<tbody ${own[0]?.group !== undefined && html`id="${own[0].group}"`}>
            ${own[0]?.heading !== undefined && headingRow(own[0].heading, columns.length)}
            ${own.map((row) => tableRow(row, columns, naming))}
          </tbody>`,
      )}
    </table>
  </div>`
}

function headingRow(words: string, span: number): Html {
  return html`<tr class="heading">
    <th scope="rowgroup" colspan="${span}">${words}</th>
  </tr>`
}

function heading({ label, sort, href }: Column): Html {
  return html`<th scope="col" ${sort && html`aria-sort="${sort}"`}>
    ${href === undefined ? label : html`<a href="${href}">${label}</a>`}
  </th>`
}

function tableRow({ id, cells }: Row, columns: readonly Column[], naming: number): Html {
  return html`<tr ${id && html`id="${id}"`}>
    ${cells.map((cell, at) => {
      const { label, isPlain = false } = columns[at] ?? {}
      const labelled = typeof label === 'string' && html`data-label="${label}"`
      const kinds = [...(cell === BLANK ? ['blank'] : []), ...(isPlain ? ['explained'] : [])]
      return at === naming
        ? html`<th scope="row" ${labelled}><div>${cell}</div></th>`
        : html`<td ${kinds.length > 0 && html`class="${kinds.join(' ')}"`} ${labelled}><div>${cell}</div></td>`
    })}
  </tr>`
}
