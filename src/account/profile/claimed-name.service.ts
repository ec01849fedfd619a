import type { WithSignedIn } from '../../context.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { guessAtName } from '../../throttle/guess.service.ts'
import { drawGuess, giveBack, recordFailure, refusing } from '../../throttle/throttle.service.ts'
import { differing } from '../../users/profile.ts'
import type { ProfileChanges } from '../../users/profile.ts'

type Powers = WithSignedIn<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller'>

/**
 * Runs a change of one's own record. Where it asks for another name or address it draws first, and one that is taken counts:
 * the answer says that somebody has it. A name that is free gives nothing back but its own draw, or whoever takes free ones in
 * between could go on asking. Refuses with `throttle.wait`.
 */
export async function claimingNames<Result>(
  ctx: Powers,
  wanted: ProfileChanges,
  work: () => Promise<Result>,
): Promise<Result> {
  const { username, email = null } = differing(ctx.caller.user, wanted)
  if (username === undefined && email === null) return work()
  const guess = guessAtName(ctx)
  await drawGuess(ctx, guess)
  const outcome = await work().then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  )
  const isTaken = 'error' in outcome && outcome.error instanceof Refusal && TAKEN.has(outcome.error.code)
  await (isTaken ? refusing(ctx, guess, (tx) => recordFailure(tx, guess)) : giveBack(ctx, guess))
  if ('error' in outcome) throw outcome.error
  return outcome.result
}

const TAKEN: ReadonlySet<string> = new Set(['user.username_taken', 'user.email_taken'])
