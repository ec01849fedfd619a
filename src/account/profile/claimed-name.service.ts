import type { WithSignedIn } from '../../context.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { guessAtName } from '../../throttle/guess.service.ts'
import { consumeGuess, refundGuess, recordFailure, refusing } from '../../throttle/throttle.service.ts'
import { differing } from '../../users/profile.ts'
import type { ProfileChanges } from '../../users/profile.ts'

type Deps = WithSignedIn<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller'>

/**
 * Runs a change of one's own record. If it asks for another username or email address, it consumes a guess first. A name that
 * is taken counts as a failure, because the answer reveals that somebody has it (enumeration). A free name refunds only its own
 * guess; if it reset the count, requests for free names would allow any number of others. Refuses with `throttle.blocked`.
 */
export async function claimingNames<Result>(
  ctx: Deps,
  wanted: ProfileChanges,
  work: () => Promise<Result>,
): Promise<Result> {
  const { username, email = null } = differing(ctx.caller.user, wanted)
  if (username === undefined && email === null) return work()
  const guess = guessAtName(ctx)
  await consumeGuess(ctx, guess)
  const outcome = await work().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  )
  const isTaken = 'error' in outcome && outcome.error instanceof Refusal && TAKEN.has(outcome.error.code)
  await (isTaken ? refusing(ctx, guess, (tx) => recordFailure(tx, guess)) : refundGuess(ctx, guess))
  if ('error' in outcome) throw outcome.error
  return outcome.result
}

const TAKEN: ReadonlySet<string> = new Set(['user.username_taken', 'user.email_taken'])
