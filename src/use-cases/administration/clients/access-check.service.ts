// Who could not use an app by what an admin says about it, before it is saved, by the policies and the users as they are now.
import { type AppAccess, OPEN_ACCESS } from '#domain/clients/app-access.ts'
import { fieldErrorsInClient, fieldsOf, normalizedClient } from '#domain/clients/client-fields.ts'
import { readClient } from '#domain/clients/client.service.ts'
import { findGroup } from '#domain/groups/group.service.ts'
import { configuredPolicy } from '#domain/policies/policy.service.ts'
import { listStoredPolicies } from '#domain/policies/store/stored-policy.service.ts'
import { listStoredRoles } from '#domain/roles/role.service.ts'
import { keptAdmin } from '#domain/users/account-expiry.service.ts'
import type { With } from '#foundation/context.ts'
import { withGiven } from '#foundation/kernel/given-fields.ts'
import { BUILT_IN_ROLES, permissionsOf } from '#foundation/kernel/principal.ts'
import { type FieldError, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { PlanDeps } from '../policy-rollout/plan.service.ts'
import { requirementsAt } from '../policy-rollout/plan.ts'
import { type AccessCheck, type AccessQuestion, newlyRefusedIn } from './access-check.ts'
import { countRefused, type RefusedUser, selectNewlyRefused } from './access-check.view.ts'
import type { AppChanges } from './app-request.ts'

export type { RefusedUser } from './access-check.view.ts'

/** How many of those who are refused are named. */
export const FIRST_REFUSED = 10

/** The counts of a change, with the question by which its users are named. */
export interface CheckedAccess extends AccessCheck {
  readonly question: AccessQuestion
}

/**
 * Returns how many users could not use an app after a change, and how many of those can use it now.
 * @param before left out for a new app, and for one as it is: then each user who could not use it counts as one who could
 */
export async function checkAccess(
  ctx: PlanDeps,
  { before = OPEN_ACCESS, after }: { readonly before?: AppAccess | undefined; readonly after: AppAccess },
): Promise<CheckedAccess> {
  const policies = await listStoredPolicies(ctx)
  const current = requirementsAt(policies, configuredPolicy(ctx), ctx.now)
  const question = { before, after, current, keptAdmin: await keptAdmin(ctx) }
  return { ...(await countRefused(ctx.db.forLongReads, question)), question }
}

type AccessChanges = Pick<AppChanges, keyof AppAccess>

/**
 * Returns the same for a change of a stored app; what is left out stays. Throws `app.not_found`, and `request.validation_failed` for what could
 * not be saved.
 */
export async function checkChange(ctx: PlanDeps, id: string, changes: AccessChanges): Promise<CheckedAccess> {
  const before = await readClient(ctx, id)
  const after = normalizedClient(withGiven(fieldsOf(before), changes))
  requireNoFieldErrors(fieldErrorsInClient(after))
  requireNoFieldErrors(await errorsInAllowed(ctx, after))
  return checkAccess(ctx, { before, after })
}

/** Whether all roles and groups exist that may use an app. */
export async function isKnownAccess(ctx: With<'db'>, access: Allowed): Promise<boolean> {
  return (await errorsInAllowed(ctx, access)).length === 0
}

type Allowed = Pick<AppAccess, 'allowedRoles' | 'allowedGroups'>

async function errorsInAllowed(ctx: With<'db'>, { allowedRoles, allowedGroups }: Allowed): Promise<FieldError[]> {
  const roles = [...BUILT_IN_ROLES, ...(await listStoredRoles(ctx)).map(({ name }) => name)]
  const groups = await Promise.all(allowedGroups.map((id) => findGroup(ctx, id)))
  const areRolesKnown = allowedRoles.every((role) => roles.includes(role))
  return [
    ...(areRolesKnown ? [] : [{ pointer: '/allowed_roles', code: 'app.role_unknown' }]),
    ...(groups.includes(undefined) ? [{ pointer: '/allowed_groups', code: 'app.group_unknown' }] : []),
  ]
}

/** Returns the first users who can use the app now and could not any more; null for a principal who may not see users. */
export async function firstRefused(
  { db, principal }: With<'db' | 'principal'>,
  checked: CheckedAccess,
): Promise<readonly RefusedUser[] | null> {
  if (!permissionsOf(principal).includes('users:read')) return null
  if (newlyRefusedIn(checked) === 0) return []
  return selectNewlyRefused(db.forLongReads, checked.question, FIRST_REFUSED)
}
