import { recordEvent } from '../audit/audit.service.ts'
import { inTransaction } from '../context.ts'
import type { WithSignedIn } from '../context.ts'
import { checkCode, consumeStep } from '../factors/totp/totp.service.ts'
import type { CodeCheck } from '../factors/totp/totp.service.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Secret } from '../kernel/secret.ts'
import type { Instant } from '../kernel/time.ts'
import { noteProof } from '../sessions/session.service.ts'
import { drawGuess, settleGuess } from '../throttle/throttle.service.ts'
import { findUser } from '../users/user.service.ts'
import { guessOf, lookAtPassword, recordFailedGuess } from './credentials.service.ts'
import type { GuessFailure, SignInPowers } from './credentials.service.ts'

export interface Proof {
  readonly password: Secret
  readonly code: string
}

type ProofPowers = Omit<SignInPowers, 'caller'> & WithSignedIn

/**
 * Step-up: a signed-in person proves password and second factor again, and the session counts as freshly proven. Returns
 * until when. Refuses with `throttle.wait` and, whichever of the two was wrong, `proof.refused`.
 */
export async function giveProof(ctx: ProofPowers, { password, code }: Proof): Promise<{ provenUntil: Instant }> {
  const { session } = ctx.caller
  const user = await findUser(ctx, ctx.caller.user.subject)
  if (user === undefined) throw new Refusal('access.token_refused')
  const guess = guessOf(ctx, user, user.username, ['password', 'code'])
  await drawGuess(ctx, guess)
  const check = await checkCode(ctx, user.subject, code)
  const { matched } = await lookAtPassword(ctx, { user, password, guess })
  const proven =
    matched &&
    check.outcome === 'matched' &&
    (await inTransaction(ctx, async (tx) => {
      if (!(await consumeStep(tx, check)) || !(await noteProof(tx, session.id))) return false
      await settleGuess(tx, guess)
      await recordEvent(tx, { action: 'session.proof_given', target: user.subject, details: { session: session.id } })
      return true
    }))
  if (proven) return { provenUntil: ctx.now + ctx.config.proofLifetime }
  await recordFailedGuess(ctx, { action: 'session.proof_refused', user, guess, failure: failureOf(matched, check) })
  throw new Refusal('proof.refused')
}

function failureOf(matched: boolean, check: CodeCheck): GuessFailure {
  if (!matched) return { reason: 'wrong_password' }
  return check.outcome === 'wrong'
    ? { reason: 'wrong_code' }
    : { reason: 'used_code', replay: { ...check, outcome: 'used' } }
}
