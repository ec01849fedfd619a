// The effective policy of one user as admins read it: with the names of the policies that apply to the user.
import { appliedPolicies } from '#domain/policies/evaluation/applied-policies.ts'
import { type EffectivePolicy, effectivePolicy } from '#domain/policies/evaluation/effective-policy.ts'
import { configuredPolicy } from '#domain/policies/policy.service.ts'
import type { Term } from '#domain/policies/policy.ts'
import type { PolicyScope } from '#domain/policies/scope.ts'
import { applicableVersions } from '#domain/policies/store/stored-policy.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { selectPolicyNames } from './policy-scopes.view.ts'

/** A policy in force that applies to the user. */
export interface ApplicablePolicy {
  readonly id: string
  readonly name: string
  readonly scope: PolicyScope
  readonly scopeRef: string | null
  /** The name of the role or group; null for everyone. */
  readonly scopeName: string | null
  /** Until when the user is exempt from it; null without an exemption. */
  readonly exemptUntil: Instant | null
}

export interface ExplainedPolicy extends EffectivePolicy {
  /** In the order in which ties are decided. */
  readonly policies: readonly ApplicablePolicy[]
}

/** Returns the effective policy of a user now, with the policies that apply to the user. */
export async function explainPolicy(
  ctx: With<'db' | 'now' | 'config'>,
  user: Pick<User, 'subject' | 'role' | 'rolePermissions'>,
): Promise<ExplainedPolicy> {
  const configured = configuredPolicy(ctx)
  const versions = await applicableVersions(ctx, user)
  const hasPermissions = user.rolePermissions.length > 0
  const effective = effectivePolicy(configured, versions, { hasPermissions, now: ctx.now })
  const applied = appliedPolicies(configured, versions, ctx.now)
  const ids = applied.map(({ policyId }) => policyId)
  const rows = ids.length === 0 ? [] : await selectPolicyNames(ctx.db, ids)
  const policies = applied.flatMap(({ policyId, exemptUntil }) => {
    const row = rows.find(({ id }) => id === policyId)
    if (row === undefined) return []
    const { groupName, ...policy } = row
    return [{ ...policy, scopeName: policy.scope === 'group' ? groupName : policy.scopeRef, exemptUntil }]
  })
  return { ...effective, policies }
}

/** Returns the policy that decided a term, with its version; undefined if no policy did. */
export function decidingPolicy(
  { decidedBy, policies }: ExplainedPolicy,
  term: Term,
): { readonly policy: ApplicablePolicy; readonly version: number } | undefined {
  const decision = decidedBy[term]
  if (decision.source !== 'policy') return undefined
  const policy = policies.find(({ id }) => id === decision.policyId)
  return policy && { policy, version: decision.version }
}
