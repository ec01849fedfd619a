// Reads comma-separated values (RFC 4180), as spreadsheets write them: also with semicolons or tabs, with any line end, with a BOM.

/** One record with the number of the line on which it begins; the first line is 1. */
export interface CsvRecord {
  readonly line: number
  readonly cells: readonly string[]
}

export type CsvReading =
  | { readonly records: readonly CsvRecord[] }
  /** A quoted cell is not closed, or text follows its closing quote; `line` is where that cell begins. */
  | { readonly brokenQuoteAt: number }

const SEPARATORS = [',', ';', '\t']

/**
 * Returns the records of a text. The separator is the one of comma, semicolon and tab that the first line contains most often. Lines
 * without any text are left out. Reading stops after `most` records.
 */
export function readCsv(source: string, most: number): CsvReading {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const separator = separatorOf(/^[^\r\n]*/.exec(text)?.[0] ?? '')
  const records: CsvRecord[] = []
  let at = 0
  let line = 1
  while (at < text.length && records.length < most) {
    const record = recordAt(text, at, separator)
    if ('brokenQuoteAt' in record) return { brokenQuoteAt: line + record.brokenQuoteAt }
    const { cells, end, lines } = record
    if (cells.some((cell) => cell.trim() !== '')) records.push({ line, cells })
    at = end + (text.startsWith('\r\n', end) ? 2 : 1)
    line += lines + 1
  }
  return { records }
}

interface ReadRecord {
  readonly cells: readonly string[]
  /** The position of the line end behind it. */
  readonly end: number
  /** How many line ends it contains. */
  readonly lines: number
}

/** Returns the record that begins at a position; for a broken quote how many lines further it is. */
function recordAt(text: string, from: number, separator: string): ReadRecord | { readonly brokenQuoteAt: number } {
  const cells: string[] = []
  let lines = 0
  for (let at = from; ; at += 1) {
    const cell = text[at] === '"' ? quotedCell(text, at, separator) : plainCell(text, at, separator)
    if (cell === undefined) return { brokenQuoteAt: lines }
    cells.push(cell.value)
    lines += cell.lines
    at = cell.end
    if (text[at] !== separator) return { cells, end: at, lines }
  }
}

interface Cell {
  readonly value: string
  /** The position of the separator or line end behind it. */
  readonly end: number
  /** How many line ends it contains. */
  readonly lines: number
}

function plainCell(text: string, from: number, separator: string): Cell {
  let end = from
  while (end < text.length && text[end] !== separator && text[end] !== '\r' && text[end] !== '\n') end += 1
  return { value: text.slice(from, end), end, lines: 0 }
}

function quotedCell(text: string, from: number, separator: string): Cell | undefined {
  let close = text.indexOf('"', from + 1)
  // Two quotes are one in the cell.
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2)
  if (close === -1) return undefined
  const end = close + 1
  const isEnd = end === text.length || text[end] === separator || text[end] === '\r' || text[end] === '\n'
  if (!isEnd) return undefined
  const raw = text.slice(from + 1, close)
  return { value: raw.replaceAll('""', '"'), end, lines: raw.match(/\r\n|\r|\n/g)?.length ?? 0 }
}

function separatorOf(firstLine: string): string {
  const counts = SEPARATORS.map((separator) => firstLine.split(separator).length)
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
}
