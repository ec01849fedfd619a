// Checks that a username and an email are available for a user.
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { isUniqueViolation } from '../../foundation/platform/database/errors.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { keylessNamesakeExists } from './row-completion.queries.ts'
import { conflictingKeys } from './user.queries.ts'

interface Claim {
  /** The user being renamed; excluded from the uniqueness check. */
  readonly id?: number
  readonly username?: string
  readonly username_key?: string
  readonly email?: string | null
  readonly email_key?: string | null
}

/** Throws `user.username_taken` or `user.email_taken` when another row has the key. */
export async function requireNameAvailable(db: Database, claim: Claim): Promise<void> {
  if (claim.username_key === undefined && typeof claim.email_key !== 'string') return
  const others = await conflictingKeys(db, claim)
  requireNoConflict(claim, others)
}

/**
 * Throws the same if a row without a key has the name: an externally inserted row that is not completed yet, or one in collision with
 * another row. Compares the text and its key, ignoring the case of ASCII letters. Call it before `requireNameAvailable`: one of the two
 * then finds a row that gets its key in between.
 */
export async function requireUniqueAmongUnkeyedRows(db: Database, claim: Claim): Promise<void> {
  if (await isTakenWithoutKey(db, 'username', claim)) throw usernameTaken()
  if (await isTakenWithoutKey(db, 'email', claim)) throw emailTaken()
}

async function isTakenWithoutKey(db: Database, column: 'username' | 'email', claim: Claim): Promise<boolean> {
  const key = claim[`${column}_key`]
  if (typeof key !== 'string') return false
  return keylessNamesakeExists(db, column, [claim[column] ?? key, key], { besides: claim.id })
}

function requireNoConflict(
  claim: Claim,
  others: readonly { username_key: string | null; email_key: string | null }[],
): void {
  if (claim.username_key !== undefined && others.some((other) => other.username_key === claim.username_key)) {
    throw usernameTaken()
  }
  if (typeof claim.email_key === 'string' && others.some((other) => other.email_key === claim.email_key)) {
    throw emailTaken()
  }
}

/** Throws the same refusals for a failed write, if another transaction took the name after the check (TOCTOU); else `error` itself. */
export function refuseOnUniqueViolation(error: unknown): never {
  if (isUniqueViolation(error, 'username_key')) throw usernameTaken(error)
  if (isUniqueViolation(error, 'email_key')) throw emailTaken(error)
  throw error
}

function usernameTaken(cause?: unknown): Refusal {
  return new Refusal(
    'user.username_taken',
    { faults: [{ pointer: '/username', code: 'user.username_taken' }] },
    { cause },
  )
}

function emailTaken(cause?: unknown): Refusal {
  return new Refusal('user.email_taken', { faults: [{ pointer: '/email', code: 'user.email_taken' }] }, { cause })
}
