// Policies as admins read them: with the names of their scopes and of the users who made their versions.
import { type EffectivePolicy, effectivePolicy } from '#domain/policies/evaluation/effective-policy.ts'
import { configuredPolicy } from '#domain/policies/policy.service.ts'
import type { ConfiguredPolicy, PolicyTerms } from '#domain/policies/policy.ts'
import type { Scoped } from '#domain/policies/scope.ts'
import { readStoredPolicy } from '#domain/policies/store/policy-changes.service.ts'
import { scopeHasPermissions } from '#domain/policies/store/policy-validity.service.ts'
import { listStoredPolicies, type StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import type { With } from '#foundation/context.ts'
import { BUILT_IN_ROLES, permissionsOf } from '#foundation/kernel/principal.ts'
import { type NamedGroup, selectGroupNames, selectNamedGroups, selectRoleNames } from './policy-scopes.view.ts'

/** A policy with the names that people know. */
export interface NamedPolicy extends StoredPolicy {
  /** The name of the role or group; null for everyone, and for a group that is deleted. */
  readonly scopeName: string | null
  /** The usernames of those who made its versions, by subject; empty for who may not see users. */
  readonly makers: ReadonlyMap<string, string>
}

/** Returns every policy with its names, that for everyone first. */
export async function listPolicies(ctx: With<'db' | 'principal'>): Promise<NamedPolicy[]> {
  return withPolicyNames(ctx, await listStoredPolicies(ctx))
}

/** Returns one policy with its names. Throws `policy.not_found`. */
export async function readPolicy(ctx: With<'db' | 'principal'>, id: string): Promise<NamedPolicy> {
  return namedPolicy(ctx, await readStoredPolicy(ctx, id))
}

export async function namedPolicy(ctx: With<'db' | 'principal'>, policy: StoredPolicy): Promise<NamedPolicy> {
  const [named] = await withPolicyNames(ctx, [policy])
  return named ?? { ...policy, scopeName: null, makers: new Map() }
}

async function withPolicyNames(
  ctx: With<'db' | 'principal'>,
  policies: readonly StoredPolicy[],
): Promise<NamedPolicy[]> {
  const ids = policies.flatMap(({ scope, scopeRef }) => (scope === 'group' && scopeRef !== null ? [scopeRef] : []))
  const groups = new Map(
    (ids.length === 0 ? [] : await selectGroupNames(ctx.db, ids)).map(({ id, name }) => [id, name]),
  )
  const subjects = policies.flatMap(({ versions }) => versions.map(({ createdBy }) => createdBy))
  const maySeeUsers = permissionsOf(ctx.principal).includes('users:read')
  const summaries = maySeeUsers ? await findUserSummaries(ctx, subjects) : []
  const makers = new Map([...summaries].map(([subject, { username }]) => [subject, username]))
  return policies.map((policy) => ({
    ...policy,
    scopeName: policy.scope === 'group' ? (groups.get(policy.scopeRef ?? '') ?? null) : policy.scopeRef,
    makers,
  }))
}

/** Returns what the configuration asks of everyone, and which of it no policy for everyone can change. */
export function readConfiguredPolicy(ctx: With<'config'>): ConfiguredPolicy {
  return configuredPolicy(ctx)
}

/** Terms that are weighed before they are stored, as a version. */
const OWN_VERSION = { policyId: '', version: 1, isEnd: false, cancelledAt: null } as const
const NOT_EXEMPT = { exemptUntil: null, exemptByHelp: false } as const

/** Returns what applies to everyone where a policy leaves a term open, by the policy for everyone, unless it is this one, and the configuration. */
export async function readTermsLeftOpen(ctx: With<'db' | 'now' | 'config'>, policy?: Scoped): Promise<EffectivePolicy> {
  return readTermsWith(ctx, policy, undefined)
}

/**
 * Returns the terms that would apply to the users of a policy with these terms: the strictest of the policy, of the one for everyone and of
 * the configuration. Other policies that apply to single users are not considered, since users of one policy differ in them.
 */
export async function readTermsWith(
  ctx: With<'db' | 'now' | 'config'>,
  policy: Scoped | undefined,
  terms: PolicyTerms | undefined,
): Promise<EffectivePolicy> {
  const everyone = (await listStoredPolicies(ctx)).find(({ scope }) => scope === 'everyone')
  const versions = policy?.scope === 'everyone' ? [] : (everyone?.versions ?? [])
  const applied = versions.map((version) => ({
    ...version,
    scope: 'everyone' as const,
    ...NOT_EXEMPT,
  }))
  const own =
    policy === undefined || terms === undefined
      ? []
      : [{ ...OWN_VERSION, ...NOT_EXEMPT, scope: policy.scope, inForceFrom: ctx.now, terms }]
  return effectivePolicy(configuredPolicy(ctx), [...applied, ...own], {
    hasPermissions: policy !== undefined && (await scopeHasPermissions(ctx, policy)),
    now: ctx.now,
  })
}

export async function withScopeName(ctx: With<'db'>, { scope, scopeRef }: Scoped) {
  const [group] = scope === 'group' && scopeRef !== null ? await selectGroupNames(ctx.db, [scopeRef]) : []
  return { scope, scopeRef, scopeName: group?.name ?? scopeRef }
}

/** The roles and groups among which the scope of a new policy is chosen. */
export interface ScopeChoices {
  readonly roles: readonly string[]
  readonly groups: readonly NamedGroup[]
}

export async function listScopeChoices({ db }: With<'db'>): Promise<ScopeChoices> {
  return { roles: [...BUILT_IN_ROLES, ...(await selectRoleNames(db))], groups: await selectNamedGroups(db) }
}
