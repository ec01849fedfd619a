import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import type { Output } from './output.ts'
import { printable } from './output.ts'

/** Text, or an instant, which is printed in words, or with `--plain` as in the API. */
export type Cell = string | { readonly at: Instant }

export interface Column<Item> {
  readonly head: string
  of(item: Item): Cell
}

/** A table with a header, or with `--plain` lines with tabs between the cells. */
export function printTable<Item>(out: Output, columns: readonly Column<Item>[], items: readonly Item[]): void {
  const rows = items.map((item) => columns.map((column) => cellText(out, column.of(item))))
  if (out.form === 'plain') return rows.forEach((row) => out.line(row.join('\t')))
  const heads = columns.map(({ head }) => head.toUpperCase())
  const widths = heads.map((head, column) => Math.max(...[head, ...rows.map((row) => row[column] ?? '')].map(widthOf)))
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd()
  if (rows.length > 0) out.line(out.styled('bold', lineOf(heads)))
  for (const row of rows) out.line(lineOf(row))
}

/** Prints names and values, one pair a line. */
export function printFields(out: Output, fields: readonly (readonly [name: string, value: Cell])[]): void {
  const width = Math.max(...fields.map(([name]) => name.length))
  for (const [name, value] of fields) {
    const text = cellText(out, value)
    out.line(out.form === 'plain' ? `${name}\t${text}` : `${name.padEnd(width)}  ${text}`)
  }
}

export function cellOr(instant: Instant | null, otherwise: string): Cell {
  return instant === null ? otherwise : { at: instant }
}

function cellText(out: Output, cell: Cell): string {
  return typeof cell === 'string' ? printable(cell) : momentIn(out, cell.at)
}

/** An instant within a text. */
export function momentIn({ form }: Output, instant: Instant): string {
  return form === 'plain' ? toRfc3339(instant) : momentForPeople(instant)
}

let exact: Intl.DateTimeFormat | undefined

/** For example `Wed, 3 Jun 2026, 14:05 CEST`. */
export function momentForPeople(instant: Instant): string {
  // Created at the first use, because that takes longer than many commands.
  exact ??= new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return exact.format(instant)
}

/** `1 user`, `2 users`, `no users`. */
export function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`
}

function widthOf(text: string): number {
  return Array.from(text).length
}
