// Several people may change one user at once: the write names the revision it read.
import { Refusal } from '../kernel/refusal.ts'
import type { User } from './user.ts'

const MOST_TRIES = 5

/** Says `user.stale` when the user is no longer as the caller saw them (`If-Match`). */
export type Precondition = (user: User) => void

/**
 * Runs a read–decide–write again when somebody else changed the user between its read and its write, at most five times;
 * then the last `user.stale` goes to the caller. Each run must read anew, in a transaction of its own. A caller who named
 * the state to be changed hears of the first loss.
 */
export async function startingOver<Result>(work: () => Promise<Result>, precondition?: Precondition): Promise<Result> {
  const most = precondition === undefined ? MOST_TRIES : 1
  for (let tries = 1; tries < most; tries++) {
    const outcome = await work().then((result) => ({ result }), passLostRace)
    if (outcome !== undefined) return outcome.result
  }
  return work()
}

function passLostRace(error: unknown): undefined {
  const lost = error instanceof Refusal && error.code === 'user.stale'
  if (!lost) throw error
}
