// Checks that a username and an email are available for a user.
import type { With } from '#foundation/context.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { isUniqueViolation } from '#foundation/platform/database/errors.ts'
import { keylessNamesakeExists } from './external-rows/row-completion.queries.ts'
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
  const { username_key: username, email_key: email } = claim
  if (username === undefined && typeof email !== 'string') return
  const others = await conflictingKeys(db, claim)
  if (username !== undefined && others.some((other) => other.username_key === username)) throw nameTaken('username')
  if (typeof email === 'string' && others.some((other) => other.email_key === email)) throw nameTaken('email')
}

/**
 * Throws the same if a row without a key has the name: an externally inserted row that is not completed yet, or one in collision with
 * another row. Compares the text and its key, ignoring the case of ASCII letters. Call it before `requireNameAvailable`: one of the two
 * then finds a row that gets its key in between.
 */
export async function requireUniqueAmongUnkeyedRows(db: Database, claim: Claim): Promise<void> {
  for (const column of ['username', 'email'] as const) {
    const key = claim[`${column}_key`]
    if (typeof key !== 'string') continue
    const texts = [claim[column] ?? key, key]
    if (await keylessNamesakeExists(db, column, texts, { besides: claim.id })) throw nameTaken(column)
  }
}

/** Throws `user.email_taken` if a user other than `id` has the email now. The later write checks again (TOCTOU). */
export async function requireEmailAvailable(
  { db }: With<'db'>,
  { id, email }: { readonly id: number; readonly email: string },
): Promise<void> {
  const claim = { id, email: email.normalize('NFC'), email_key: foldName(email) }
  await requireUniqueAmongUnkeyedRows(db, claim)
  await requireNameAvailable(db, claim)
}

/** Whether a user has this email address, verified or not. Runs the same statements in each case (enumeration). */
export async function isEmailTaken({ db }: With<'db'>, email: string): Promise<boolean> {
  const key = foldName(email)
  const isUnkeyed = await keylessNamesakeExists(db, 'email', [email.normalize('NFC'), key], {})
  const others = await conflictingKeys(db, { email_key: key })
  return isUnkeyed || others.length > 0
}

/** Throws the same refusals for a failed write, if another transaction took the name after the check (TOCTOU); else `error` itself. */
export function refuseOnUniqueViolation(error: unknown): never {
  if (isUniqueViolation(error, 'username_key')) throw nameTaken('username', error)
  if (isUniqueViolation(error, 'email_key')) throw nameTaken('email', error)
  throw error
}

function nameTaken(column: 'username' | 'email', cause?: unknown): Refusal {
  const code = `user.${column}_taken` as const
  return new Refusal(code, { fieldErrors: [{ pointer: `/${column}`, code }] }, { cause })
}
