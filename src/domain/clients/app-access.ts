// Who may use an app, and what their authentication must reach beside their policies (decision 0077). Tested in app-access.test.ts.
import { ASSURANCE_LEVELS, type AssuranceLevel } from '#foundation/kernel/assurance.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Client } from './client.ts'

/** The roles and groups whose users may use an app. */
type Allowed = Pick<Client, 'allowedRoles' | 'allowedGroups'>

/** What decides who can use an app. */
export type AppAccess = Allowed & Pick<Client, 'leastAssurance'>

/** The access that a new app has: for everyone, as the policies say. */
export const OPEN_ACCESS: AppAccess = { allowedRoles: [], allowedGroups: [], leastAssurance: null }

/** Whether a user may use an app: one that names neither roles nor groups, one of the user's role, or one of a group that the user is in. */
export function mayUse(
  app: Pick<Client, 'allowedRoles' | 'allowedGroups'>,
  user: { readonly role: string; readonly groupIds: readonly string[] },
): boolean {
  if (restrictionOf(app) === undefined) return true
  return app.allowedRoles.includes(user.role) || app.allowedGroups.some((id) => user.groupIds.includes(id))
}

/** By what an app is restricted, which its users learn without the names of roles and groups. */
export const RESTRICTIONS = ['role', 'group', 'role_or_group'] as const
export type Restriction = (typeof RESTRICTIONS)[number]

/** Returns by what an app is restricted; undefined for one that everyone may use. */
export function restrictionOf({ allowedRoles, allowedGroups }: Allowed): Restriction | undefined {
  if (allowedGroups.length === 0) return allowedRoles.length === 0 ? undefined : 'role'
  return allowedRoles.length === 0 ? 'group' : 'role_or_group'
}

/** Whether the groups of a user with this role decide, so that they must be read. */
export function dependsOnGroups({ allowedRoles, allowedGroups }: Allowed, role: string): boolean {
  return allowedGroups.length > 0 && !allowedRoles.includes(role)
}

/** Returns what an app requires of each authentication: since when, and how strong it must be. */
export function requirementOfApp({ leastAssurance, maxAge }: Pick<Client, 'leastAssurance' | 'maxAge'>, now: Instant) {
  return {
    since: maxAge === null ? undefined : now - maxAge * 1000,
    least: leastAssurance ?? undefined,
  } as const
}

/** Whether a user who can use the app by the first may not be able to by the second. */
export function isStricter(before: AppAccess, after: AppAccess): boolean {
  return restrictsMore(before, after) || rank(after.leastAssurance) > rank(before.leastAssurance)
}

function restrictsMore(before: Allowed, after: Allowed): boolean {
  if (restrictionOf(after) === undefined) return false
  const keepsAll =
    before.allowedRoles.every((role) => after.allowedRoles.includes(role)) &&
    before.allowedGroups.every((id) => after.allowedGroups.includes(id))
  return restrictionOf(before) === undefined || !keepsAll
}

function rank(level: AssuranceLevel | null): number {
  return level === null ? 0 : ASSURANCE_LEVELS.indexOf(level)
}
