// Roles: named sets of permissions. `admin` has all and `user` none; operators and users with `roles:write` make others.
import { BUILT_IN_ROLES, PERMISSIONS } from '../../foundation/kernel/principal.ts'
import type { Permission } from '../../foundation/kernel/principal.ts'

/** A role, what a user with it holds. */
export interface HeldRole {
  readonly role: string
  readonly rolePermissions: readonly Permission[]
}

/** Whether the role always exists and cannot be changed. */
export function isBuiltInRole(name: string): boolean {
  return BUILT_IN_ROLES.some((role) => role === name)
}

/** Returns the permissions of a stored text, separated by spaces, without those that only a newer version of the program knows. */
export function permissionsIn(text: string): readonly Permission[] {
  const words = text.split(' ')
  return PERMISSIONS.filter((permission) => words.includes(permission))
}

/**
 * Returns the role of a row of `users` and its permissions.
 * @param stored the permissions in the table of roles. Null if it has no such role: an unknown role counts as `user`, without permissions
 */
export function heldRole(text: unknown, stored: unknown): HeldRole {
  if (text === 'admin') return { role: 'admin', rolePermissions: PERMISSIONS }
  if (text === 'user' || typeof text !== 'string' || typeof stored !== 'string') return NO_ROLE
  return { role: text, rolePermissions: permissionsIn(stored) }
}

const NO_ROLE: HeldRole = { role: 'user', rolePermissions: [] }
