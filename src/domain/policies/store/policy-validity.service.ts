// Whether a policy may be stored: its scope exists, its terms are possible, and no other policy contradicts it.
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { findSharedRole } from '#domain/roles/role.service.ts'
import type { With } from '#foundation/context.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { type FieldError, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { configuredPolicy } from '../policy.service.ts'
import type { PolicyTerms } from '../policy.ts'
import type { Scoped } from '../scope.ts'
import { lockNamedGroup } from './policy-changes.queries.ts'
import * as checks from './policy-checks.ts'
import { selectUsersOfBoth } from './shared-users.queries.ts'
import { listStoredPolicies } from './stored-policy.service.ts'
import { versionsToCome } from './version-state.ts'

/** What a new version says, and from when on. */
export interface WantedVersion {
  readonly terms: PolicyTerms
  /** Null for at once. */
  readonly inForceFrom: Instant | null
}

/**
 * Throws `request.validation_failed` if the version cannot be stored: a field is wrong, or together with another policy some users would
 * have no allowed second factor; the error of `/factors` names both policies, and the users of both today.
 */
export async function requireValidVersion(
  ctx: With<'db' | 'now' | 'config' | 'principal'>,
  scoped: Scoped & { readonly name: string; readonly id?: string | undefined },
  { terms, inForceFrom }: WantedVersion,
): Promise<void> {
  requireNoFieldErrors([
    ...checks.fieldErrorsInTerms(terms, {
      scope: scoped.scope,
      scopeHasPermissions: await scopeHasPermissions(ctx, scoped),
      locked: configuredPolicy(ctx).locked,
      canHavePasskeys: canHavePasskeys(ctx.config),
    }),
    ...checks.fieldErrorsInStart(inForceFrom ?? ctx.now, ctx.now),
  ])
  const others = (await listStoredPolicies(ctx)).filter(({ id }) => id !== scoped.id)
  const other = checks.disjointPolicy(scoped, terms, { others, now: ctx.now })
  if (other === undefined) return
  const shared = await usersOfBoth(ctx, scoped, other)
  const areNamed = permissionsOf(ctx.principal).includes('users:read')
  requireNoFieldErrors([contradiction([scoped.name, other.name], shared, { areNamed })])
}

/** How many users of two contradicting policies are named. */
const NAMED = 5

export interface SharedUsers {
  /** Some of their usernames, in order. */
  readonly names: readonly string[]
  readonly more: boolean
}

/** Returns the users of two policies today, disabled users too: they could not sign in once they are enabled. */
export async function usersOfBoth({ db }: With<'db'>, one: Scoped, other: Scoped): Promise<SharedUsers> {
  const names = await selectUsersOfBoth(db, one, other, NAMED + 1)
  return { names: names.slice(0, NAMED).toSorted(), more: names.length > NAMED }
}

/**
 * Returns the error of a policy that together with the other one would leave a user no allowed second factor.
 * @param policy empty for a policy without a name, which is only proposed
 * @param areNamed whether the reader may see users
 */
export function contradiction(
  [policy, other]: readonly [policy: string, other: string],
  { names, more }: SharedUsers,
  { areNamed }: { readonly areNamed: boolean },
): FieldError {
  const facts = { policy, other, users: names.length, names: areNamed ? names.join(', ') : '', more: more ? 1 : 0 }
  return { pointer: '/factors', code: 'policy.no_factor_left', facts }
}

/**
 * Returns the names of the policies, in force or planned, that allow passkeys alone while browsers create none at the public URL. They
 * were stored under another URL; their users cannot set up any second factor.
 */
export async function impossiblePolicies(ctx: With<'db' | 'now' | 'config'>): Promise<string[]> {
  if (canHavePasskeys(ctx.config)) return []
  const isImpossible = ({ terms }: { readonly terms: PolicyTerms }): boolean => checks.needsPasskey(terms)
  const stored = await listStoredPolicies(ctx)
  return stored.filter(({ versions }) => versionsToCome(versions, ctx.now).some(isImpossible)).map(({ name }) => name)
}

/** Locks the group of a policy until the transaction ends: a user who joins it in a parallel one waits, or is waited for (write skew). */
export async function lockScope(ctx: With<'db'>, { scope, scopeRef }: Scoped): Promise<void> {
  if (scope === 'group') await lockNamedGroup(ctx.db, scopeRef ?? '')
}

/** Throws `request.validation_failed` if there is no such role or group. Inside a transaction it is locked until its end. */
export async function requireScope(ctx: With<'db'>, { scope, scopeRef }: Scoped): Promise<void> {
  const pointer = '/scope_ref'
  if (scope === 'everyone') {
    if (scopeRef !== null) requireNoFieldErrors([{ pointer, code: 'policy.scope_without_ref' }])
    return
  }
  const ref = scopeRef ?? ''
  const exists =
    scope === 'role' ? (await findSharedRole(ctx, ref)) !== undefined : await lockNamedGroup(ctx.db, storableText(ref))
  if (!exists)
    requireNoFieldErrors([{ pointer, code: scope === 'role' ? 'policy.no_such_role' : 'policy.no_such_group' }])
}

export async function scopeHasPermissions(ctx: With<'db'>, { scope, scopeRef }: Scoped): Promise<boolean> {
  return scope === 'role' && ((await findSharedRole(ctx, scopeRef ?? ''))?.permissions ?? []).length > 0
}
