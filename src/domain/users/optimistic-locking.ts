// Optimistic locking of users: a write names the revision that was read, so that a parallel change is not overwritten (lost update).
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { User } from './user.ts'
import { createHash } from 'node:crypto'

const MAX_RETRIES = 5

/** Throws `user.stale` if the user differs from the representation that the client has read (`If-Match`). */
export type Precondition = (user: User) => void

/**
 * Runs a read–decide–write, and repeats it if another transaction has changed the user between its read and its write. After five runs
 * throws `service.busy`. Each run must read again, in a transaction of its own; `work` gets the number of conflicts so far. With a
 * precondition there is one run only, which throws `user.stale` at the first conflict.
 */
export async function retryOnConflict<Result>(
  work: (conflicts: number) => Promise<Result>,
  precondition?: Precondition,
): Promise<Result> {
  if (precondition !== undefined) return work(0)
  for (let conflicts = 0; conflicts < MAX_RETRIES; conflicts++) {
    const outcome = await work(conflicts).then((result) => ({ result }), passConflict)
    if (outcome !== undefined) return outcome.result
  }
  throw new Refusal('service.busy', { retryAfter: 1 })
}

function passConflict(error: unknown): undefined {
  const isConflict = error instanceof Refusal && error.code === 'user.stale'
  if (!isConflict) throw error
}

/** Returns a hash of the values that a form shows of a user. It does not change with other fields, such as the last sign-in. */
export function representationTag(shown: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url')
}

/** Returns the precondition that the user is still as the form showed them (lost update); undefined for a form without a tag. */
export function matchesForm(shownTag: string | undefined, tag: (user: User) => string): Precondition | undefined {
  if (shownTag === undefined) return undefined
  return (user) => {
    if (tag(user) !== shownTag) throw new Refusal('user.stale')
  }
}
