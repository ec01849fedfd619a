// Several people may change one user at once: the write names the revision it read.
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { User } from './user.ts'

const MAX_RETRIES = 5

/** Says `user.stale` when the user is no longer as the caller saw them (`If-Match`). */
export type Precondition = (user: User) => void

/**
 * Runs a read–decide–write again when somebody else changed the user between its read and its write, at most five times;
 * then it refuses with `service.busy`. Each run must read anew, in a transaction of its own; it is told how many were lost. A
 * caller who named the state to be changed hears `user.stale` at the first loss.
 */
export async function retryOnConflict<Result>(
  work: (lost: number) => Promise<Result>,
  precondition?: Precondition,
): Promise<Result> {
  if (precondition !== undefined) return work(0)
  for (let lost = 0; lost < MAX_RETRIES; lost++) {
    const outcome = await work(lost).then((result) => ({ result }), passConflict)
    if (outcome !== undefined) return outcome.result
  }
  throw new Refusal('service.busy', { retryAfter: 1 })
}

function passConflict(error: unknown): undefined {
  const lost = error instanceof Refusal && error.code === 'user.stale'
  if (!lost) throw error
}
