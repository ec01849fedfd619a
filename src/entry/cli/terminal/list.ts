import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { quotedForShell } from '#foundation/platform/program-name.ts'
import type { Invocation } from './invocation.ts'
import { type Output, printable } from './output.ts'

/** Text, or an instant, which is printed in words, or with `--plain` as in the API. */
export type Cell = string | { readonly at: Instant }

export interface Column<Item> {
  readonly head: string
  /** Whether a table may cut a long cell at its end; what is typed again, such as an id, is never cut. */
  readonly cut?: true
  /** Whether only `--plain` prints the column. */
  readonly plainOnly?: true
  of(item: Item): Cell
}

/** The width of a table where the terminal has no more columns. */
const TABLE_WIDTH = 100
/** No column is cut further than to this width, since the rest would say nothing. */
const SHORTEST_CUT = 8
/** The share of rows whose cells fit where a few long ones stand below theirs. */
const MOST_ROWS = 0.75

/**
 * A table with a header that fits the width, or with `--plain` lines with tabs between the whole cells. Where cutting is not enough, a cell
 * that is longer than its column stands below its row, and so do the cells after it, a line for each that is not empty.
 */
export function printTable<Item>(out: Output, columns: readonly Column<Item>[], items: readonly Item[]): void {
  if (out.form === 'plain') {
    for (const item of items) out.line(columns.map((column) => cellText(out, column.of(item))).join('\t'))
    return
  }
  const shown = columns.filter(({ plainOnly }) => !plainOnly)
  const textOf = tableTexts()
  const rows = items.map((item) => shown.map((column) => textOf(column.of(item))))
  const heads = shown.map(({ head }) => head.toUpperCase())
  const most = Math.max(TABLE_WIDTH, out.width)
  const cells = shown.map(({ cut }, column) => ({
    head: widthOf(heads[column] ?? ''),
    widths: rows.map((row) => widthOf(row[column] ?? '')),
    isCut: cut === true,
  }))
  const [all, some] = [layoutOf(cells, 1, most), layoutOf(cells, MOST_ROWS, most)]
  const { beside, widths, ends } = some.below < all.below ? some : all
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => padded(cell, widths[column] ?? 0, shown[column]?.cut))
      .join('  ')
      .trimEnd()
  if (rows.length > 0) out.line(out.styled('bold', lineOf(heads.slice(0, beside))))
  for (const [at, row] of rows.entries()) {
    const end = ends[at] ?? beside
    out.line(lineOf(row.slice(0, end)))
    for (const line of shown.slice(end).flatMap((column, on) => lineBelow(column, row[end + on], most))) out.line(line)
  }
}

function lineBelow<Item>({ head, cut }: Column<Item>, cell = '', most: number): string[] {
  const start = `  ${head}: `
  if (cell === '') return []
  return [start + padded(cell, Math.min(widthOf(cell), most - start.length), cut)]
}

/** The width in which all of a column fits, and the least to which it is narrowed; a width counts characters. */
interface Limit {
  readonly width: number
  readonly least: number
  readonly isCut: boolean
}

interface ColumnWidths {
  readonly head: number
  readonly widths: readonly number[]
  readonly isCut: boolean
}

interface Layout {
  /** How many columns stand beside each other. */
  readonly beside: number
  readonly widths: readonly number[]
  /** By row, the first cell that stands below it. */
  readonly ends: readonly number[]
  /** How many lines stand below rows. */
  readonly below: number
}

/** Lays the table out so that at least a `share` from 0 to 1 of the cells of each column stands beside the others. */
function layoutOf(columns: readonly ColumnWidths[], share: number, most: number): Layout {
  const limits = columns.map((column) => limitOf(column, share))
  const beside = columnsBeside(limits, most)
  const widths = fitted(limits.slice(0, beside), most)
  const rows = Array.from(columns[0]?.widths ?? [], (_, row) => columns.map((column) => column.widths[row] ?? 0))
  const ends = rows.map((row) => {
    const long = widths.findIndex((width, column) => !columns[column]?.isCut && (row[column] ?? 0) > width)
    // The first cell names the row, so it stays where it is.
    return long === -1 ? beside : Math.max(1, long)
  })
  const below = rows.flatMap((row, at) => row.slice(ends[at])).filter((width) => width > 0).length
  return { beside, widths, ends, below }
}

/** Cells that may be cut leave a few letters. Of the others a `share` from 0 to 1 stays in its column. */
function limitOf({ head, widths, isCut }: ColumnWidths, share: number): Limit {
  const most = widths.toSorted((a, b) => a - b)[Math.floor((widths.length - 1) * share)] ?? 0
  const width = Math.max(head, ...widths)
  return { width, least: Math.min(width, Math.max(head, isCut ? SHORTEST_CUT : most)), isCut }
}

/** How many columns fit beside each other once they are as narrow as they get; at least one. */
function columnsBeside(limits: readonly Limit[], most: number): number {
  let sum = -2
  const fit = limits.findIndex(({ least }) => (sum += least + 2) > most)
  return fit === -1 ? limits.length : Math.max(1, fit)
}

/** The widths of the columns: the widest is narrowed until the table fits, those that may be cut before the others. */
function fitted(columns: readonly Limit[], most: number): number[] {
  const widths = columns.map(({ width }) => width)
  const isOpen = ({ least }: Limit, column: number): boolean => (widths[column] ?? 0) > least
  let excess = widths.reduce((total, width) => total + width + 2, -2) - most
  while (excess-- > 0) {
    const open = columns.filter(isOpen)
    const narrowed = open.some(({ isCut }) => isCut) ? open.filter(({ isCut }) => isCut) : open
    const ofColumn = columns.map((column, at) => (narrowed.includes(column) ? (widths[at] ?? 0) : 0))
    const widest = ofColumn.indexOf(Math.max(...ofColumn))
    if (narrowed.length > 0) widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function padded(cell: string, width: number, isCut = false): string {
  const letters = Array.from(cell)
  if (isCut && letters.length > width) return `${letters.slice(0, width - 1).join('')}…`
  return cell + ' '.repeat(Math.max(0, width - letters.length))
}

/** `1–50 of 883`, or `1–50 of more than 1,000`. */
export function rangeText(
  { first, last, total }: { readonly first: number; readonly last: number; readonly total: number | 'more' | null },
  most: number,
): string {
  const number = (count: number): string => count.toLocaleString('en')
  const page = first === last ? number(first) : `${number(first)}–${number(last)}`
  if (total === null) return page
  return `${page} of ${total === 'more' ? `more than ${number(most)}` : number(total)}`
}

/** Prints the commands for the next page and for the whole list, with the flags that made this one. */
export function sayFurtherPages(
  { out, command }: Pick<Invocation, 'out' | 'command'>,
  [name, flags]: readonly [string, Readonly<Record<string, string | number | undefined>>],
  cursor: string,
): void {
  const words = Object.entries(flags).flatMap(([flag, value]) =>
    value === undefined ? [] : [`--${flag} ${quotedForShell(String(value))}`],
  )
  out.say(`Next page: ${command([name, ...words, `--cursor ${cursor}`].join(' '))}`)
  out.say(`All pages: ${command([name, ...words, '--all'].join(' '))}`)
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

/** Returns the texts of a table's cells. Instants are like `3 Jun 2026, 14:05`: weekday and zone would fill the line in each row. */
function tableTexts(): (cell: Cell) => string {
  // Created at the first instant, as `exact` below.
  let brief: Intl.DateTimeFormat | undefined
  return (cell) => {
    if (typeof cell === 'string') return printable(cell)
    brief ??= new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
    return brief.format(cell.at)
  }
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

/** `1 user`, `2 users`, `no users`, `no policies`. */
export function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? noun : noun.replace(/(?<=[^aeiou])y$/, 'ie').concat('s')}`
}

/** What stands below a list: `2 users of Ada`, and as a sentence `No users of Ada.` below an empty one. */
export function totalOf(count: number, noun: string, of = ''): string {
  const words = counted(count, noun) + of
  return count === 0 ? `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.` : words
}

function widthOf(text: string): number {
  return Array.from(text).length
}
