// Whether a name or an address is free for a user.
import { Refusal } from '../kernel/refusal.ts'
import { isUniqueViolation } from '../platform/database/errors.ts'
import type { Database } from '../platform/database/schema.ts'
import { foldName } from './user.ts'
import { keysInTheWay, unkeyedRows } from './user.queries.ts'

interface Claim {
  /** The user who claims; nobody is in their own way. */
  readonly id?: number
  readonly username_key?: string
  readonly email_key?: string | null
}

/** More rows without a key than this means that boot has not completed them; the exact names are found all the same. */
const UNKEYED_LOOKED_AT = 500

/** Throws `user.username_taken` or `user.email_taken` when another row has the key. */
export async function refuseTaken(db: Database, claim: Claim): Promise<void> {
  if (claim.username_key === undefined && typeof claim.email_key !== 'string') return
  const others = await keysInTheWay(db, claim)
  refuse(claim, others)
}

/** The same for rows that have no key: typed in by hand and not seen yet, or in collision with another row. */
export async function refuseTakenByUnkeyed(db: Database, claim: Claim): Promise<void> {
  if (claim.username_key === undefined && typeof claim.email_key !== 'string') return
  const others = await unkeyedRows(db, UNKEYED_LOOKED_AT)
  refuse(
    claim,
    others
      .filter(({ id }) => id !== claim.id)
      .map(({ username, email }) => ({ username_key: keyOf(username), email_key: keyOf(email) })),
  )
}

function refuse(claim: Claim, others: readonly { username_key: string | null; email_key: string | null }[]): void {
  if (claim.username_key !== undefined && others.some((other) => other.username_key === claim.username_key)) {
    throw usernameTaken()
  }
  if (typeof claim.email_key === 'string' && others.some((other) => other.email_key === claim.email_key)) {
    throw emailTaken()
  }
}

/** For a write that failed: throws the same refusals where another transaction took the name after it was found free. */
export function refuseTakenMeanwhile(error: unknown): never {
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

function keyOf(text: unknown): string | null {
  return typeof text === 'string' && text !== '' ? foldName(text) : null
}
