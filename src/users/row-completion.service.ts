// Rows that came from elsewhere get what ours have: keys for lookups, words for the search box.
import { inTransaction } from '../context.ts'
import type { With } from '../context.ts'
import { isUniqueViolation } from '../platform/database/errors.ts'
import { inPart } from '../platform/database/part.ts'
import type { Database } from '../platform/database/schema.ts'
import { usersWithSearchWords } from '../platform/database/search.ts'
import { incompleteRows, takenKeys, writeCompleted } from './row-completion.queries.ts'
import type { CompletedRow, IncompleteRow } from './row-completion.queries.ts'
import { searchWords } from './user-changes.ts'
import { foldName } from './user.ts'

const BATCH = 500
const TRIES = 3

/**
 * Gives keys and search words to the rows that have none, oldest first: at boot, and when a row typed in by hand is seen
 * for the first time. Of names that differ only in case the lower id gets the key; the others keep none and are found by
 * their exact spelling. Returns how many rows were looked at. Never throws on what somebody typed.
 */
export async function completeRows(ctx: With<'db'>): Promise<number> {
  let seen = 0
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const rows = await incompleteRows(ctx.db, after, BATCH)
    const last = rows.at(-1)
    if (!last) return seen
    await completeBatch(ctx, rows)
    seen += rows.length
    after = last.id
  }
}

async function completeBatch(ctx: With<'db'>, rows: readonly IncompleteRow[], triesLeft = TRIES): Promise<void> {
  try {
    // At boot the transaction is the migration's, and goes on when a name was lost.
    await inTransaction(ctx, ({ db }) => inPart(db, () => complete(db, rows)))
  } catch (error) {
    // Somebody took one of the names between looking and writing.
    if (triesLeft === 1 || !isUniqueViolation(error)) throw error
    await completeBatch(ctx, rows, triesLeft - 1)
  }
}

async function complete(db: Database, rows: readonly IncompleteRow[]): Promise<void> {
  const taken = await takenKeys(db, rows.map(keysOf))
  const searched = await usersWithSearchWords(
    db,
    rows.map(({ id }) => id),
  )
  // Rows that can have no key come again at every start; nothing of theirs is written twice.
  const news = completed(rows, taken).filter((row) => row.givesKey || !searched.has(row.id))
  if (news.length > 0) await writeCompleted(db, news)
}

/** The rows with the keys that are free, each given once. */
function completed(
  rows: readonly IncompleteRow[],
  taken: { usernames: Set<string>; emails: Set<string> },
): (CompletedRow & { readonly givesKey: boolean })[] {
  const claim = (keys: Set<string>, key: string | null): string | null => {
    if (key === null || keys.has(key)) return null
    keys.add(key)
    return key
  }
  return rows.map((row) => {
    const wanted = keysOf(row)
    const usernameKey = claim(taken.usernames, wanted.usernameKey)
    const emailKey = row.emailKey ?? claim(taken.emails, wanted.emailKey)
    return {
      id: row.id,
      usernameKey,
      emailKey,
      words: searchWords(row.username, row.email, row.fullName),
      givesKey: usernameKey !== null || emailKey !== row.emailKey,
    }
  })
}

function keysOf(row: IncompleteRow): { usernameKey: string | null; emailKey: string | null } {
  return { usernameKey: keyOf(row.username), emailKey: row.emailKey === null ? keyOf(row.email) : null }
}

/** An empty name is no name: nobody may be found by it. */
function keyOf(text: unknown): string | null {
  return typeof text === 'string' && text.trim() !== '' ? foldName(text) : null
}
