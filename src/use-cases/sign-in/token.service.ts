// The legacy app's sign-in: name, password and code in one request.
import type { FinishDeps, FinishOutcome, SignInResult } from '#domain/attempts/attempt.service.ts'
import { verifyPassword } from '#domain/factors/password/password.service.ts'
import { checkCode, type CodeCheck, consumeStep } from '#domain/factors/totp/totp-check.service.ts'
import { stepAfterFactors } from '#domain/policies/evaluation/sufficient-factors.ts'
import type { UserPolicy } from '#domain/policies/policy.ts'
import { bucketsForLogin } from '#domain/throttle/guess.service.ts'
import { consumeGuess, type Guess, refundOnBusy } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal, type RefusalCode } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import {
  completeExternalRow,
  type FailedVerification,
  findUserByLogin,
  recordFailedGuess,
  updateAfterMatch,
} from './credentials.service.ts'
import { policyBeforeFactors, stepAfterPassword } from './policy-steps.service.ts'
import { completeWith } from './sign-in.service.ts'
import { splitAppendedCode } from './sign-in.ts'

export interface TokenRequest {
  readonly username: string
  /** With six digits appended, unless `totp` carries the code. */
  readonly password: Secret
  readonly totp?: string | undefined
}

/**
 * Signs in with all factors in one request and one password hash. Throws the same `sign_in.incorrect` for every failure, also for a
 * user who is disabled or expired; only after a right password `sign_in.enrolment_needed` (the user has no second factor) or
 * `sign_in.second_factor_elsewhere` (the user has none that this route accepts); after right
 * factors `account.review_required`. Throws `throttle.blocked` and `service.busy` too.
 */
export async function tokenSignIn(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'hasher' | 'limits' | 'log'>,
  request: TokenRequest,
): Promise<SignInResult> {
  const found = await findUserByLogin(ctx, request.username, { orByEmail: false })
  const guess = bucketsForLogin(ctx, request.username, found, ['password', 'code'])
  await consumeGuess(ctx, guess)
  const user = await completeExternalRow(ctx, found)
  const split = passwordAndCode(request)
  // An unknown name causes the same queries as a known one (user enumeration): no user has this subject.
  const check = await checkCode(ctx, user?.subject ?? '-', split.code)
  const policy = await policyBeforeFactors(ctx, user)
  const isElsewhere = needsOtherRoute(policy, user, check)
  const whole = user?.secondFactorAt === null || isElsewhere
  const password = whole ? request.password : split.password
  const verification = await refundOnBusy(ctx, guess, () => verifyPassword(ctx, user, password))
  await updateAfterMatch(ctx, { user, password, verification })
  const failure = await failureOf(ctx, user, verification.matched, { ...check, policy, isElsewhere })
  if (failure === undefined && user !== undefined) {
    const complete = await finish(ctx, user, guess, check)
    // This route cannot ask for a review. What was verified is consumed.
    if (complete?.stage === 'review') throw new Refusal('account.review_required')
    // A policy became stricter since the first check.
    if (complete?.stage === 'enrolment') throw new Refusal('sign_in.enrolment_needed')
    if (complete !== undefined) return complete
  }
  const recorded = failure ?? usedCode(check)
  const id = await recordFailedGuess(ctx, { action: 'sign_in.refused', user, guess, failure: recorded })
  await ctx.hasher.waitForUniformResponseTime(verification)
  throw new Refusal(REFUSALS[recorded.reason] ?? 'sign_in.incorrect', {}, { id })
}

/** Revealed after the right password only. */
const REFUSALS: Partial<Record<FailedVerification['reason'], RefusalCode>> = {
  no_second_factor: 'sign_in.enrolment_needed',
  second_factor_elsewhere: 'sign_in.second_factor_elsewhere',
}

/**
 * Finishes the sign-in: with the code, or without one for a user who has no second factor and needs none. Undefined if a concurrent
 * request consumed the code.
 */
function finish(ctx: FinishDeps, user: User, guess: Guess, check: CodeCheck): Promise<FinishOutcome | undefined> {
  const signIn = { user, guess, transport: 'bearer', attemptId: null } as const
  if (check.outcome !== 'matched')
    return completeWith(ctx, { ...signIn, methods: ['password'] }, () => Promise.resolve(true))
  return completeWith(ctx, { ...signIn, methods: ['password', 'totp'] }, (tx) => consumeStep(tx, check))
}

function usedCode(check: CodeCheck): FailedVerification {
  const replay = check.outcome === 'wrong' ? undefined : { factorId: check.factorId, step: check.step }
  return { reason: 'used_code', factor: 'totp', replay }
}

// A user with an app appends the code to the password. For a user without one the whole text is the password; digits at its end are
// still verified as a code, which matches nothing, so that the work is the same for all users (user enumeration).
function passwordAndCode({ password, totp }: TokenRequest): { password: Secret; code: string } {
  if (totp !== undefined) return { password, code: totp }
  return splitAppendedCode(password) ?? { password, code: '' }
}

/**
 * Whether this route cannot sign the user in, since it accepts neither passkeys nor recovery codes: the user has a passkey and no app, or the
 * policies do not let password and code open a session.
 */
function needsOtherRoute(policy: UserPolicy, user: User | undefined, check: CodeCheck): boolean {
  if (user === undefined || user.secondFactorAt === null) return false
  if (user.passkeyAt !== null && check.outcome === 'wrong' && check.apps === 0) return true
  const held = { apps: 1, passkeys: user.passkeyAt === null ? 0 : 1 }
  return stepAfterFactors(policy, ['password', 'totp'], held) !== 'session'
}

async function failureOf(
  ctx: With<'db' | 'now'>,
  user: User | undefined,
  matched: boolean,
  check: CodeCheck & { readonly policy: UserPolicy; readonly isElsewhere: boolean },
): Promise<FailedVerification | undefined> {
  const verdict = await stepAfterPassword(ctx, check.policy, user, matched)
  if (verdict.stage === 'refused') return { reason: verdict.reason }
  if (verdict.stage === 'enrolment') return { reason: 'no_second_factor' }
  if (verdict.stage === 'complete') return undefined
  const shutOut = user && (await whyShutOut(ctx, user))
  if (check.isElsewhere) return { reason: shutOut ?? 'second_factor_elsewhere' }
  if (check.outcome === 'wrong') return { reason: 'wrong_code', factor: 'totp' }
  if (check.outcome === 'used') return usedCode(check)
  return shutOut && { reason: shutOut }
}
