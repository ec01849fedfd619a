// Externally inserted rows: completes them by the keys for lookups and the words for the search box, and reads the plaintext TOTP secrets
// that they, and rows of a legacy database, hold in `otp_secret` until they are sealed.
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { isUniqueViolation } from '#foundation/platform/database/errors.ts'
import { tryLockFor } from '#foundation/platform/database/lock.ts'
import { inSavepoint } from '#foundation/platform/database/transaction.ts'
import { searchWords } from '../user-changes.ts'
import { foldName } from '../user.ts'
import {
  clearPlaintextSecret,
  countPlaintextSecretRows,
  type PlaintextTotpSecret,
  selectPlaintextSecretRow,
  selectPlaintextSecretRows,
} from './plaintext-secret.queries.ts'
import {
  type CompletedRow,
  countIncompleteRows,
  keylessNamesakeExists,
  type KeylessRow,
  keylessRows,
  takeKeylessRows,
  takenKeys,
  writeCompleted,
} from './row-completion.queries.ts'

/** The result of one short transaction that works on externally inserted rows. */
export interface ExternalBatch {
  /** How many rows were completed, or secrets sealed. */
  readonly done: number
  /** The id after which the next batch begins; undefined after the last batch. */
  readonly next: number | undefined
}

/** The start of a pass through all rows: less than every id. */
export const BEFORE_EVERY_ID = Number.MIN_SAFE_INTEGER

const TRIES = 3

type Taken = Awaited<ReturnType<typeof takenKeys>>

/**
 * Completes the first rows after an id that have no username key: externally inserted ones, and ones whose key was taken and is free
 * again. If names differ only in case, the row with the lower id gets the key; the others have none and are found by their exact
 * spelling. Runs one transaction; returns undefined if another process is completing rows now.
 */
export function completeNextRows(
  ctx: With<'db' | 'now'>,
  afterId: number,
  limit: number,
): Promise<ExternalBatch | undefined> {
  return inTransaction(ctx, async (tx) => {
    if (!(await tryLockFor(tx.db, 'external-rows'))) return undefined
    const rows = await keylessRows(tx.db, afterId, limit)
    const due = await completableIds(tx.db, rows)
    if (due.length > 0) await completeRows(tx, due)
    return { done: due.length, next: rows.length < limit ? undefined : rows.at(-1)?.id }
  })
}

/**
 * Completes one row, whose user signs in before its batch. A key that a row with a lower id may get, as their names differ only in the
 * case of ASCII letters, is left to that row. Writes nothing if the row was completed before.
 */
export async function completeRow(ctx: With<'db' | 'now'>, id: number): Promise<void> {
  await inTransaction(ctx, async (tx) => {
    const [row] = await takeKeylessRows(tx.db, [id])
    if (row?.completedAt === null) await completeRows(tx, [id], (taken) => reserveForEarlier(tx.db, row, taken))
  })
}

/** Returns how many externally inserted rows have not been completed yet. */
export function incompleteRows({ db }: With<'db'>): Promise<number> {
  return countIncompleteRows(db)
}

async function completableIds(db: Database, rows: readonly KeylessRow[]): Promise<number[]> {
  const completedBefore = rows.filter(({ completedAt }) => completedAt !== null)
  const taken = completedBefore.length === 0 ? undefined : await takenKeys(db, completedBefore.map(wantedKeys))
  const isDue = (row: KeylessRow): boolean => {
    const { usernameKey, emailKey } = wantedKeys(row)
    const isFree = (keys: Set<string> | undefined, key: string | null) => key !== null && keys?.has(key) === false
    return row.completedAt === null || isFree(taken?.usernames, usernameKey) || isFree(taken?.emails, emailKey)
  }
  return rows.filter(isDue).map(({ id }) => id)
}

async function completeRows(
  tx: InTransaction<With<'db' | 'now'>>,
  ids: readonly number[],
  reserve: (taken: Taken) => Promise<void> = () => Promise.resolve(),
  triesLeft = TRIES,
): Promise<void> {
  const complete = async (): Promise<void> => {
    const rows = await takeKeylessRows(tx.db, ids)
    const taken = await takenKeys(tx.db, rows.map(wantedKeys))
    await reserve(taken)
    if (rows.length > 0) await writeCompleted(tx.db, completed(rows, taken), tx.now)
  }
  try {
    await inSavepoint(tx.db, complete)
  } catch (error) {
    // Another transaction took one of the names between the read and the write (TOCTOU).
    if (triesLeft === 1 || !isUniqueViolation(error)) throw error
    await completeRows(tx, ids, reserve, triesLeft - 1)
  }
}

async function reserveForEarlier(db: Database, row: KeylessRow, taken: Taken): Promise<void> {
  const { usernameKey, emailKey } = wantedKeys(row)
  const hasEarlier = async (column: 'username' | 'email', key: string | null): Promise<boolean> =>
    key !== null && (await keylessNamesakeExists(db, column, [row[column] ?? key], { before: row.id }))
  if (await hasEarlier('username', usernameKey)) taken.usernames.add(usernameKey ?? '')
  if (await hasEarlier('email', emailKey)) taken.emails.add(emailKey ?? '')
}

/** Returns the rows with the keys that are free, each given to one row only. */
function completed(rows: readonly KeylessRow[], taken: Taken): CompletedRow[] {
  const claim = (keys: Set<string>, key: string | null): string | null => {
    if (key === null || keys.has(key)) return null
    keys.add(key)
    return key
  }
  return rows.map((row) => {
    const wanted = wantedKeys(row)
    return {
      id: row.id,
      usernameKey: claim(taken.usernames, wanted.usernameKey),
      emailKey: row.emailKey ?? claim(taken.emails, wanted.emailKey),
      words: searchWords(row.username, row.email, row.fullName),
    }
  })
}

function wantedKeys(row: KeylessRow): { usernameKey: string | null; emailKey: string | null } {
  return { usernameKey: nameKey(row.username), emailKey: row.emailKey === null ? nameKey(row.email) : null }
}

/** Returns the key of a name; null for an empty one, by which no user may be found. */
function nameKey(text: unknown): string | null {
  return typeof text === 'string' && text.trim() !== '' ? foldName(text) : null
}

/** Returns the plaintext TOTP secrets of the first users after an id who have one. */
export function plaintextTotpSecrets(ctx: With<'db'>, afterId: number, limit: number): Promise<PlaintextTotpSecret[]> {
  return selectPlaintextSecretRows(ctx.db, afterId, limit)
}

/** Returns how many plaintext TOTP secrets there are. */
export function countPlaintextTotpSecrets(ctx: With<'db'>): Promise<number> {
  return countPlaintextSecretRows(ctx.db)
}

/** Returns the plaintext TOTP secret of one row; undefined if it has none. */
export function plaintextTotpSecretOf(ctx: With<'db'>, userId: number): Promise<PlaintextTotpSecret | undefined> {
  return selectPlaintextSecretRow(ctx.db, userId)
}

/** Removes the plaintext secret from the row and marks the user as having a second factor; returns true for one transaction only. */
export function takePlaintextTotpSecret(ctx: With<'db' | 'now'>, secret: PlaintextTotpSecret): Promise<boolean> {
  return clearPlaintextSecret(ctx.db, secret, ctx.now)
}
