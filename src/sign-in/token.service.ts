// The origin app's door: name, password and code in one request.
import type { Complete } from '../attempts/attempt.service.ts'
import { checkCode } from '../factors/totp/totp.service.ts'
import type { CodeCheck } from '../factors/totp/totp.service.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Secret } from '../kernel/secret.ts'
import { drawGuess } from '../throttle/throttle.service.ts'
import type { User } from '../users/user.ts'
import { atFirstSight, findWhoSignsIn, guessOf, lookAtPassword, recordFailedGuess } from './credentials.service.ts'
import type { GuessFailure, SignInPowers } from './credentials.service.ts'
import { completeWithStep } from './sign-in.service.ts'
import { judgePassword, splitAppendedCode } from './sign-in.ts'

export interface TokenRequest {
  readonly username: string
  /** With six digits appended, unless `totp` carries the code. */
  readonly password: Secret
  readonly totp?: string | undefined
}

/** Matches no factor; looked up for unknown users so that every request makes the same queries. */
const NOBODY = '-'
const NO_CODE = ''

/**
 * Signs in with everything at once and one hash. Every failure is the same `sign_in.incorrect`, also for a disabled user;
 * only somebody whose password is right and who has no second factor is told so (`sign_in.enrolment_needed`).
 */
export async function tokenSignIn(ctx: SignInPowers, request: TokenRequest): Promise<Complete> {
  const pace = ctx.hasher.pace(request.password)
  const found = await findWhoSignsIn(ctx, request.username, { orByEmail: false })
  const guess = guessOf(ctx, found, request.username, ['password', 'code'])
  await drawGuess(ctx, guess)
  const user = await atFirstSight(ctx, found)
  const { password, code } = passwordAndCode(user, request)
  const check = await checkCode(ctx, user?.subject ?? NOBODY, code)
  const { matched } = await lookAtPassword(ctx, { user, password, guess })
  const failure = failureOf(user, matched, check)
  if (failure === undefined && user !== undefined && check.outcome === 'matched') {
    const proven = { user, guess, methods: ['password', 'totp'], carrier: 'bearer', attemptId: null } as const
    const complete = await completeWithStep(ctx, proven, check)
    if (complete !== undefined) return complete
  }
  const used =
    check.outcome === 'wrong' ? undefined : ({ reason: 'used_code', replay: { ...check, outcome: 'used' } } as const)
  const recorded = failure ?? used ?? { reason: 'wrong_code' }
  await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess, failure: recorded })
  await pace.settle()
  throw new Refusal(recorded.reason === 'no_second_factor' ? 'sign_in.enrolment_needed' : 'sign_in.incorrect')
}

// Somebody with an app sends the code at the end of the password; for somebody without one, all of it is the password.
function passwordAndCode(user: User | undefined, { password, totp }: TokenRequest): { password: Secret; code: string } {
  if (totp !== undefined) return { password, code: totp }
  const split = splitAppendedCode(password)
  const factorless = user !== undefined && user.secondFactorAt === null
  return factorless || split === undefined ? { password, code: NO_CODE } : split
}

function failureOf(user: User | undefined, matched: boolean, check: CodeCheck): GuessFailure | undefined {
  const disabled = user?.disabled === true
  const hasSecondFactor = user !== undefined && user.secondFactorAt !== null
  const verdict = judgePassword({ known: user !== undefined, matched, disabled, hasSecondFactor })
  if (verdict.stage === 'refused') return { reason: verdict.reason }
  if (verdict.stage === 'enrolment') return { reason: 'no_second_factor' }
  if (check.outcome === 'wrong') return { reason: 'wrong_code' }
  if (check.outcome === 'used') return { reason: 'used_code', replay: check }
  return disabled ? { reason: 'disabled' } : undefined
}
