// Reads a list of users to invite from CSV: what each line asks for, or what is wrong with it.
import { type GivenValues, typedValue } from '#domain/attributes/attribute-value.ts'
import type { Declaration } from '#domain/attributes/attribute.ts'
import { groupNamesIn, MOST_GROUPS } from '#domain/groups/group.ts'
import { type CsvRecord, readCsv } from '#foundation/kernel/csv-records.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { isDay, startOfDay } from '#foundation/kernel/start-of-day.ts'
import { MOST_LINES } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** The columns that a list may have, in any order; `username` is required. */
export const LIST_COLUMNS = ['username', 'email', 'full_name', 'role', 'expires_at', 'locale', 'groups'] as const
/** Before the key of an attribute, in a column with its values. */
export const ATTRIBUTE_COLUMN = 'attribute:'

/** What the columns may be called in a language, separated by commas; `attribute` stands before the key of one. */
type ColumnNames = Readonly<Record<(typeof LIST_COLUMNS)[number] | 'attribute', string>>

type Column = (typeof LIST_COLUMNS)[number] | `${typeof ATTRIBUTE_COLUMN}${string}`
type Declared = Pick<Declaration, 'key' | 'type'>

export interface ListedInvitation {
  readonly username: string
  readonly email: string | null
  readonly fullName: string | null
  readonly role: string
  readonly expiresAt: Instant | null
  readonly locale: string | null
  readonly attributes: GivenValues
}

/** One line: what it asks for, as far as it could be read, and its errors, at `/username` and so on. */
export interface ListLine {
  readonly line: number
  readonly wanted: ListedInvitation
  /** The names of the groups to which the user is added. */
  readonly groups: readonly string[]
  readonly errors: readonly FieldError[]
}

export type ListReading = { readonly lines: readonly ListLine[] } | { readonly errors: readonly FieldError[] }

/**
 * Returns the lines of a list; for a list that cannot be read as a whole, the reason, at `/csv`. A day such as `2027-06-30` in the column
 * `expires_at` is the last day of the account in `timeZone`, an IANA name; null means UTC. An empty cell of an attribute gives no value.
 * @param names what the columns are called in each language
 */
export function readInvitationList(
  csv: string,
  timeZone: string | null,
  declared: readonly Declared[] = [],
  names: readonly ColumnNames[] = [],
): ListReading {
  const read = readCsv(csv, MOST_LINES + 2)
  if ('brokenQuoteAt' in read) return wrong('csv.quotes', { line: read.brokenQuoteAt })
  // A program that read the file in a wrong encoding has put U+FFFD where it could not; each would become part of a name.
  const spoilt = read.records.find(({ cells }) => cells.some((cell) => cell.includes('\uFFFD')))
  if (spoilt !== undefined) return wrong('csv.encoding', { line: spoilt.line })
  const [header, ...records] = read.records
  const known = [...LIST_COLUMNS, ...declared.map(({ key }) => `${ATTRIBUTE_COLUMN}${key}` as const)]
  const columns = header?.cells.map((cell) => columnNamed(cell, known, names)) ?? []
  const named = columns.filter((column) => column !== undefined)
  if (named.length < columns.length || new Set(named).size < named.length || !named.includes('username'))
    return wrong('csv.columns', { columns: known.join(', ') })
  if (records.length === 0) return wrong('csv.empty', {})
  if (records.length > MOST_LINES) return wrong('csv.too_many', { maximum: MOST_LINES })
  return { lines: withoutRepetitions(records.map((record) => lineOf(record, named, { timeZone, declared }))) }
}

function wrong(code: string, facts: NonNullable<FieldError['facts']>): ListReading {
  return { errors: [{ pointer: '/csv', code, facts }] }
}

/** `Full name` and `full-name` mean the column `full_name`, and so does what it is called in another language. */
function columnNamed(cell: string, known: readonly Column[], names: readonly ColumnNames[]): Column | undefined {
  const name = spelled(cell)
  const [prefix = '', key] = name.split(/:_*(.*)/s)
  const isCalled = (column: keyof ColumnNames, word: string): boolean =>
    names.some((words) => words[column].split(',').some((one) => spelled(one) === word))
  if (key !== undefined && isCalled('attribute', prefix))
    return known.find((column) => column === `${ATTRIBUTE_COLUMN}${key}`)
  return known.find((column) => column === name) ?? LIST_COLUMNS.find((column) => isCalled(column, name))
}

function spelled(name: string): string {
  return name.normalize('NFC').trim().toLowerCase().replaceAll(/[ -]/g, '_')
}

interface ReadWith {
  readonly timeZone: string | null
  readonly declared: readonly Declared[]
}

function lineOf({ line, cells }: CsvRecord, columns: readonly Column[], { timeZone, declared }: ReadWith): ListLine {
  const cell = (column: Column): string | null => cells[columns.indexOf(column)]?.trim() || null
  const expiresAt = endIn(cell('expires_at'), timeZone)
  const groups = groupNamesIn(cell('groups') ?? '')
  const errors: FieldError[] = [
    ...(cells.length > columns.length ? [{ pointer: '', code: 'csv.cells', facts: { maximum: columns.length } }] : []),
    ...(expiresAt === undefined
      ? [{ pointer: '/expires_at', code: 'field.format', facts: { format: 'date' } } as const]
      : []),
    ...(groups.length > MOST_GROUPS
      ? [{ pointer: '/groups', code: 'field.too_many', facts: { maximum: MOST_GROUPS } }]
      : []),
  ]
  const wanted = {
    username: cell('username') ?? '',
    email: cell('email'),
    fullName: cell('full_name'),
    role: (cell('role') ?? 'user').toLowerCase(),
    expiresAt: expiresAt ?? null,
    locale: cell('locale'),
    attributes: valuesIn(declared, cell),
  }
  return { line, wanted, groups, errors }
}

function valuesIn(declared: readonly Declared[], cell: (column: Column) => string | null): GivenValues {
  const given = declared.map((one) => [one.key, typedValue(one, cell(`${ATTRIBUTE_COLUMN}${one.key}`) ?? '')] as const)
  return Object.fromEntries(given.filter(([, value]) => value !== null))
}

const DAY_AND_TIME = /^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Returns the end that a cell names, a last day or an RFC 3339 time; null for an empty cell, undefined for any other text. */
export function endIn(cell: string | null, timeZone: string | null): Instant | null | undefined {
  if (cell === null) return null
  if (isDay(cell)) return startOfDay(cell, timeZone, 1)
  const instant = DAY_AND_TIME.test(cell) ? Date.parse(cell) : Number.NaN
  return Number.isNaN(instant) ? undefined : instant
}

/** Adds an error to each line whose username or email an earlier line has, in any case and Unicode form. */
function withoutRepetitions(lines: readonly ListLine[]): ListLine[] {
  const seen = { username: new Map<string, number>(), email: new Map<string, number>() }
  return lines.map((one) => {
    const repeated = (['username', 'email'] as const).flatMap((column) => {
      const text = one.wanted[column]
      if (!text) return []
      const key = foldName(text)
      const first = seen[column].get(key)
      if (first === undefined) seen[column].set(key, one.line)
      return first === undefined ? [] : [{ pointer: `/${column}`, code: 'csv.repeated', facts: { line: first } }]
    })
    return repeated.length === 0 ? one : { ...one, errors: [...one.errors, ...repeated] }
  })
}
