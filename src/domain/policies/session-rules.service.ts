// What the policies ask of sessions and API tokens, for the layers below, which judge them at each access.
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import type { RulesFor, SessionLifetimes, SessionRules } from '../sessions/session.ts'
import type { MeetsPolicy } from '../api-tokens/api-token.ts'
import { isAllowed, isEnough } from './enough.ts'
import { hasAllowedFactor } from './second-factor-counts.service.ts'
import type { UserPolicy } from './policy.ts'
import { touchEvery } from './policy.service.ts'
import { policyForEveryone, userPolicy, userPolicyFrom } from './stored-policy.service.ts'

type Deps = With<'db' | 'now' | 'config'>

/** Returns what a policy asks of the sessions of its user. */
export function rulesFromPolicy(policy: UserPolicy): SessionRules {
  return {
    idle: policy.sessionIdle,
    absolute: policy.sessionAbsolute,
    touchEvery: touchEvery(policy.sessionIdle),
    reauthentication: policy.reauthentication,
    isPhishingResistant: policy.secondFactor === 'phishing-resistant',
    isPasskeyAllowed: isAllowed(policy, 'passkey'),
    isEnough: (methods) => isEnough(policy, methods),
  }
}

/** Returns the rules for the sessions of a user. */
export async function sessionRulesOf(
  ctx: Deps,
  user: Pick<PrincipalUser, 'subject' | 'role' | 'rolePermissions'>,
): Promise<SessionRules> {
  return rulesFromPolicy(await userPolicy(ctx, user))
}

/** Returns the function by which sessions are judged at each access, by the policies that the query of the session has read. */
export function sessionRules(ctx: Deps): RulesFor {
  return (user, policies) =>
    policies === undefined ? sessionRulesOf(ctx, user) : rulesFromPolicy(userPolicyFrom(ctx, user, policies))
}

/** Returns the function by which API tokens are judged at each access: their user needs a second factor that the policies require and allow. */
export function tokenRules(ctx: Deps): MeetsPolicy {
  return async (user, policies) => {
    const policy = policies === undefined ? await userPolicy(ctx, user) : userPolicyFrom(ctx, user, policies)
    return policy.secondFactor === 'optional' || hasAllowedFactor(ctx, policy, user)
  }
}

/** Whether a user has the second factor that the policies ask for before an API token can act as the user. */
export async function mayHaveTokens(ctx: Deps, user: PrincipalUser): Promise<boolean> {
  return tokenRules(ctx)(user, undefined)
}

/** Returns the longest lifetimes that a session can have now: those of a user whom only the policy for everyone concerns. */
export async function longestLifetimes(ctx: Deps): Promise<SessionLifetimes> {
  return rulesFromPolicy(await policyForEveryone(ctx))
}
