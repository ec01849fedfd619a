// Lists that are printed page by page.
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import type { Static, TSchema } from '#foundation/web/http/type.ts'
import type { CliCommand } from './cli-command.ts'
import { wholeNumberFlag } from './flag-values.ts'
import type { Invocation } from './invocation.ts'
import { type Column, printTable, sayFurtherPages, totalOf } from './list.ts'

const LARGEST_PAGE = 200
const LIMIT = 50

export interface PageFlags {
  readonly limit: number
  readonly cursor?: string
  readonly all?: boolean
}

/** Adds the flags of a list of `noun`s, such as users. */
export function addPageFlags(command: CliCommand, noun: string): CliCommand {
  return command
    .option('--limit <count>', `${noun}s per page`, wholeNumberFlag(1, LARGEST_PAGE), LIMIT)
    .option('--cursor <cursor>', 'continue from a previous page')
    .option('--all', `all pages; with --json, one line per ${noun}`)
}

/** Returns how many items are read at a time. */
export function pageSize({ all, limit }: PageFlags): number {
  return all ? LARGEST_PAGE : limit
}

type Words = Readonly<Record<string, string | number | undefined>>

/** The flags of the list as they are typed, of which `limit` is left out where it is the default. */
export function wordsWithLimit(words: Words, { limit }: PageFlags): Words {
  return { ...words, ...(limit !== LIMIT && { limit }) }
}

interface PagedList<Item, Position extends TSchema> {
  /** What one item is, and the command that lists them, with its further flags as they are typed. */
  readonly noun: string
  readonly command: string
  readonly words?: Words
  readonly columns: readonly Column<Item>[]
  readonly position: Position
  readonly read: (page: {
    readonly after: Static<Position> | undefined
    readonly limit: number
  }) => Promise<{ readonly items: readonly Item[]; readonly next: Static<Position> | null }>
  readonly show: (item: Item) => unknown
}

/** Prints one page of a list, or with `--all` every page, and how to get the next one. */
export async function printPages<Item, Position extends TSchema>(
  working: Pick<Invocation, 'out' | 'command'>,
  flags: PageFlags,
  { noun, command, words = {}, columns, position, read, show }: PagedList<Item, Position>,
): Promise<void> {
  const { out } = working
  let after = flags.cursor === undefined ? undefined : decodeCursor(position, flags.cursor)
  let count = 0
  let next: string | null
  do {
    const page = await read({ after, limit: pageSize(flags) })
    next = page.next === null ? null : encodeCursor(page.next)
    if (out.form !== 'json') printTable(out, columns, page.items)
    else if (flags.all) page.items.forEach((item) => out.json(show(item)))
    else out.json({ items: page.items.map((item) => show(item)), next_cursor: next })
    count += page.items.length
    after = page.next ?? undefined
  } while (flags.all && next !== null)
  out.say(totalOf(count, noun))
  if (next !== null && !flags.all) sayFurtherPages(working, [command, wordsWithLimit(words, flags)], next)
}
