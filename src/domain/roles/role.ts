// Roles: named sets of permissions. `admin` has all and `user` none; operators and users with `roles:write` make others.
import { isPlainName } from '#foundation/kernel/given-name.ts'
import {
  BUILT_IN_ROLES,
  type Permission,
  PERMISSIONS,
  type PrincipalUser,
  withIncluded,
} from '#foundation/kernel/principal.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { isReservedRoleName, isRoleName, ROLE_NAME_MAXIMUM } from '#foundation/kernel/role-name.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** Who decides what a role is: this program, the configuration, or users with `roles:write`. */
export const ROLE_ORIGINS = ['built-in', 'configuration', 'pages'] as const
export type RoleOrigin = (typeof ROLE_ORIGINS)[number]

export interface Role {
  readonly name: string
  readonly description: string
  readonly permissions: readonly Permission[]
  readonly origin: RoleOrigin
  readonly revision: number
  /** Null for a built-in role. */
  readonly createdAt: Instant | null
}

const DESCRIPTION_MAXIMUM = 200

/** Returns the built-in role of this name; undefined for any other. */
export function builtInRole(name: string): Role | undefined {
  if (!BUILT_IN_ROLES.some((role) => role === name)) return undefined
  const { rolePermissions: permissions } = heldRole(name, null)
  return { name, description: '', permissions, origin: 'built-in', revision: 1, createdAt: null }
}

/** Returns the permissions of a stored text, separated by spaces, without those that only a newer version of the program knows. */
export function permissionsIn(text: string): readonly Permission[] {
  return orderedPermissions(text.split(' '))
}

/** Returns the permissions among these words, each once, in the order in which roles are stored and shown. */
export function orderedPermissions(words: readonly string[]): readonly Permission[] {
  return PERMISSIONS.filter((permission) => words.includes(permission))
}

/** A user's role with its permissions. */
export type HeldRole = Pick<PrincipalUser, 'role' | 'rolePermissions'>

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

/** Whether the role of the user has a permission, whether or not the user may use it now. */
export function isPrivileged({ rolePermissions }: Pick<PrincipalUser, 'rolePermissions'>): boolean {
  return rolePermissions.length > 0
}

/**
 * Whether a user with the permissions `own` may change what has the permissions `before`, so that it has `after` from then on: a user, or
 * a role. Only if theirs include all of both, so that no user gives what they do not have, or acts as one who may do more.
 */
export function mayManage(
  own: readonly Permission[],
  before: readonly Permission[],
  after: readonly Permission[] = before,
): boolean {
  const held = withIncluded(own)
  return [...before, ...after].every((permission) => held.includes(permission))
}

/** Returns the permissions that `after` has and `before` has not. */
export function addedPermissions(before: readonly Permission[], after: readonly Permission[]): readonly Permission[] {
  return after.filter((permission) => !before.includes(permission))
}

/** Returns what no user with the role may do any more, with what its permissions include: scopes that API tokens lose. */
export function lostPermissions(before: readonly Permission[], after: readonly Permission[]): readonly Permission[] {
  return addedPermissions(withIncluded(after), withIncluded(before))
}

/** Returns the errors of a new role, at `/name` and `/description`. */
export function fieldErrorsInRole({ name, description }: Pick<Role, 'name' | 'description'>): FieldError[] {
  return [...fieldErrorsInRoleName(name), ...fieldErrorsInDescription(description)]
}

/** Returns the error of the name of a new role, at most one. */
function fieldErrorsInRoleName(name: string): FieldError[] {
  const pointer = '/name'
  if (name === '') return [{ pointer, code: 'field.missing' }]
  if (isReservedRoleName(name)) return [{ pointer, code: 'role.name_reserved' }]
  if (isRoleName(name)) return []
  return [{ pointer, code: 'role.name_characters', facts: { maximum: ROLE_NAME_MAXIMUM } }]
}

/** Returns the error of a description of a role, at most one. It may be empty, and has one line. */
export function fieldErrorsInDescription(description: string): FieldError[] {
  const pointer = '/description'
  const maximum = DESCRIPTION_MAXIMUM
  if (Array.from(description).length > maximum) return [{ pointer, code: 'field.too_long', facts: { maximum } }]
  return isPlainName(description) ? [] : [{ pointer, code: 'field.characters' }]
}
