// What the policies require of sessions and API tokens, for the layers below, which evaluate it at each access.
import type { MeetsPolicy } from '#domain/api-tokens/api-token.ts'
import type { RulesFor, SessionLifetimes, SessionRules } from '#domain/sessions/session.ts'
import type { With } from '#foundation/context.ts'
import type { PrincipalUser, SessionTerms } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { touchEvery } from '../policy.service.ts'
import type { UserPolicy } from '../policy.ts'
import { applicableVersions, versionsIn } from '../store/stored-policy.service.ts'
import { decidingFactors } from './second-factor-counts.service.ts'
import { canReauthenticate, isAllowed, satisfiesPolicy, whyStopped } from './sufficient-factors.ts'
import { policyForEveryone, userPolicy, userPolicyFrom } from './user-policy.service.ts'

type Deps = With<'db' | 'now' | 'config'>

type UserOfSession = Pick<PrincipalUser, 'subject' | 'role' | 'rolePermissions' | 'secondFactorAt' | 'passkeyAt'>

/** Returns how long the sessions of a user live by a policy, and what it asks of their re-authentication. */
export function termsFromPolicy(policy: UserPolicy): SessionTerms {
  return {
    idle: policy.sessionIdle,
    absolute: policy.sessionAbsolute,
    touchEvery: touchEvery(policy.sessionIdle),
    reauthentication: policy.reauthentication,
    isPhishingResistant: policy.secondFactor === 'phishing-resistant',
    isPasskeyAllowed: isAllowed(policy, 'passkey'),
  }
}

/** Returns the rules for the sessions of a user: no factors are sufficient while the user holds none that could re-authenticate. */
async function rulesByPolicy(ctx: Deps, policy: UserPolicy, user: UserOfSession): Promise<SessionRules> {
  const canGoOn = canReauthenticate(policy, await decidingFactors(ctx, policy, user))
  return { ...termsFromPolicy(policy), satisfiesPolicy: (methods) => canGoOn && satisfiesPolicy(policy, methods) }
}

/** Returns the rules for the sessions of a user. */
export async function sessionRulesOf(ctx: Deps, user: UserOfSession): Promise<SessionRules> {
  return rulesByPolicy(ctx, await userPolicy(ctx, user), user)
}

/** Returns the function by which sessions are evaluated at each access, by the policies that the query of the session has read. */
export function sessionRules(ctx: Deps): RulesFor {
  return async (user, policies) => rulesByPolicy(ctx, await policyRead(ctx, user, policies), user)
}

/** Returns when the first exemption of a user ends, from what the query of the user has read of the policies; undefined where none lasts. */
export async function nextExemptionEnd(
  ctx: With<'db' | 'now'>,
  user: UserOfSession,
  policies: string | null | undefined,
): Promise<Instant | undefined> {
  const versions = policies === undefined ? await applicableVersions(ctx, user) : versionsIn(policies)
  const ends = versions.flatMap(({ exemptUntil }) => exemptUntil ?? [])
  return ends.filter((end) => end > ctx.now).toSorted((a, b) => a - b)[0]
}

/** Returns the policy of a user from what the query of the user has read of it. It reads the policy where that query has not. */
function policyRead(
  ctx: Deps,
  user: UserOfSession,
  policies: string | null | undefined,
): UserPolicy | Promise<UserPolicy> {
  return policies === undefined ? userPolicy(ctx, user) : userPolicyFrom(ctx, user, policies)
}

/** Returns the function by which API tokens are evaluated at each access: the policies must not stop their user. */
export function tokenRules(ctx: Deps): MeetsPolicy {
  return async (user, policies) => {
    const policy = await policyRead(ctx, user, policies)
    return whyStopped(policy, await decidingFactors(ctx, policy, user)) === undefined
  }
}

/** Whether a user has the second factor that the policies ask for before an API token can act as the user. */
export async function mayHaveTokens(ctx: Deps, user: PrincipalUser): Promise<boolean> {
  return tokenRules(ctx)(user, undefined)
}

/** Returns the longest lifetimes that a session can have now: those of a user to which only the policy for everyone applies. */
export async function longestLifetimes(ctx: Deps): Promise<SessionLifetimes> {
  return termsFromPolicy(await policyForEveryone(ctx))
}
