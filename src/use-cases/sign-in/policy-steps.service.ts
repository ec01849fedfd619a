// What the policies for a user make of a sign-in: the step after the password, the second factors that are offered, and those that are refused.
import { stepByPolicy } from '#domain/attempts/policy-step.service.ts'
import type { FactorKind, SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { secondFactorsOf } from '#domain/factors/second-factor.service.ts'
import { offeredKinds } from '#domain/policies/enough.ts'
import type { UserPolicy } from '#domain/policies/policy.ts'
import { userPolicy } from '#domain/policies/stored-policy.service.ts'
import { limitRequestRate } from '#domain/throttle/guess.service.ts'
import { NO_GUESS } from '#domain/throttle/throttle.service.ts'
import { whyShutOut } from '#domain/users/account-expiry.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { recordFailedGuess } from './credentials.service.ts'
import { nextSignInStep, type PasswordVerdict } from './sign-in.ts'

/**
 * Returns the effective policy of the user who signs in, once for a request before the factors; `finishSignIn` evaluates it again in its
 * transaction. An unknown name causes the same query (user enumeration).
 */
export function policyBeforeFactors(
  ctx: With<'db' | 'now' | 'config'>,
  user: Pick<User, 'subject' | 'role' | 'rolePermissions'> | undefined,
): Promise<UserPolicy> {
  return userPolicy(ctx, user ?? UNKNOWN_USER)
}

/** The step that follows the password of this user under the effective policy. */
export async function stepAfterPassword(
  ctx: With<'now' | 'db'>,
  { secondFactor }: Pick<UserPolicy, 'secondFactor'>,
  user: User | undefined,
  matched: boolean,
): Promise<PasswordVerdict> {
  const mustReview = user !== undefined && user.reviewRequiredAt !== null
  return nextSignInStep({
    known: user !== undefined,
    matched,
    shutOut: user && matched ? await whyShutOut(ctx, user) : undefined,
    hasSecondFactor: user !== undefined && user.secondFactorAt !== null,
    // The review comes before the enrolment: an app that a thief could add must not lead to it.
    needsSecondFactor: secondFactor !== 'optional' && !mustReview,
  })
}

/** Stands for a user who does not exist: no row has this subject. */
export const UNKNOWN_USER = { subject: '-', role: 'user', rolePermissions: [] } as const

/** Returns the user's second factors that the policies allow, in the order in which they are offered; all where they allow none of them. */
export async function offeredFactors(
  ctx: With<'db'>,
  policy: Pick<UserPolicy, 'factors'>,
  { subject }: Pick<User, 'subject'>,
): Promise<readonly SecondFactorKind[]> {
  return offeredKinds(policy, await secondFactorsOf(ctx, subject))
}

/**
 * Refuses factors that the policies do not allow a user who holds an allowed one. Nothing was verified with them, so this is no guess: the
 * request rate of the network bounds the events. Throws `sign_in.factor_not_allowed`, `throttle.blocked`.
 */
export async function refuseDisallowed(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>,
  policy: UserPolicy,
  user: User,
  methods: readonly FactorKind[],
): Promise<void> {
  if ((await stepByPolicy(ctx, user, { policy, methods })) !== 'refused') return
  limitRequestRate(ctx)
  const failure = { reason: 'factor_not_allowed' } as const
  const refused = { action: 'sign_in.second_step_refused', user, guess: NO_GUESS, failure } as const
  throw new Refusal('sign_in.factor_not_allowed', {}, { id: await recordFailedGuess(ctx, refused) })
}
