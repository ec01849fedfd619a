// Whether a policy may be stored: whom it concerns exists, its terms are possible, and no other policy contradicts it.
import type { With } from '../../foundation/context.ts'
import { requireNoFieldErrors } from '../../foundation/kernel/refusal.ts'
import { storableText } from '../../foundation/kernel/storable-text.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { canHavePasskeys } from '../factors/passkeys/relying-party.ts'
import * as checks from './policy-checks.ts'
import { findSharedRole } from '../roles/role.service.ts'
import { lockNamedGroup } from './policy-changes.queries.ts'
import type { PolicyTerms } from './policy.ts'
import { configuredPolicy } from './policy.service.ts'
import type { PolicyScope } from './scope.ts'
import { listStoredPolicies } from './stored-policy.service.ts'

/** Whom a policy concerns. */
export interface Concern {
  readonly scope: PolicyScope
  /** The name of the role or the id of the group; null for everyone. */
  readonly scopeRef: string | null
}

/** What a new version says, and from when on. */
export interface WantedVersion {
  readonly terms: PolicyTerms
  /** Null for at once. */
  readonly inForceFrom: Instant | null
}

/**
 * Throws `request.validation_failed` if the version cannot be stored: a field is wrong, or together with another policy some users would
 * have no allowed second factor, which the error of `/factors` names.
 */
export async function requireValidVersion(
  ctx: With<'db' | 'now' | 'config'>,
  concern: Concern & { readonly id?: string | undefined },
  { terms, inForceFrom }: WantedVersion,
): Promise<void> {
  requireNoFieldErrors([
    ...checks.fieldErrorsInTerms(terms, {
      scope: concern.scope,
      concernsPermissions: await concernsPermissions(ctx, concern),
      locked: configuredPolicy(ctx).locked,
      canHavePasskeys: canHavePasskeys(ctx.config),
    }),
    ...checks.fieldErrorsInStart(inForceFrom ?? ctx.now, ctx.now),
  ])
  const others = (await listStoredPolicies(ctx)).filter(({ id }) => id !== concern.id)
  const other = checks.disjointPolicy(concern, terms, { others, now: ctx.now })
  if (other === undefined) return
  requireNoFieldErrors([{ pointer: '/factors', code: 'policy.no_factor_left', facts: { policy: other.name } }])
}

/**
 * Returns the names of the policies, in force or planned, that allow passkeys alone while browsers create none at the public address. They
 * were stored under another address; whom they concern cannot set up any second factor.
 */
export async function impossiblePolicies(ctx: With<'db' | 'now' | 'config'>): Promise<string[]> {
  if (canHavePasskeys(ctx.config)) return []
  const isImpossible = ({ terms }: { readonly terms: PolicyTerms }): boolean => checks.needsPasskey(terms)
  const stored = await listStoredPolicies(ctx)
  return stored
    .filter(({ versions }) => checks.versionsToCome(versions, ctx.now).some(isImpossible))
    .map(({ name }) => name)
}

/** Throws `request.validation_failed` if there is no such role or group. Inside a transaction it is locked until its end. */
export async function requireConcern(ctx: With<'db'>, { scope, scopeRef }: Concern): Promise<void> {
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

async function concernsPermissions(ctx: With<'db'>, { scope, scopeRef }: Concern): Promise<boolean> {
  return scope === 'role' && ((await findSharedRole(ctx, scopeRef ?? ''))?.permissions ?? []).length > 0
}
