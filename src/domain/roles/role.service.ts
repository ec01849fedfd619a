// Roles beside `admin` and `user`: reads and writes them.
import type { With } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import * as queries from './role.queries.ts'
import { builtInRole, heldRole, type Role } from './role.ts'

/** Returns the roles that are not built in, in the order of their names. */
export function listStoredRoles(ctx: With<'db'>): Promise<Role[]> {
  return queries.selectRoles(ctx.db)
}

/** Returns the role with this name, built-in ones included. Throws `role.not_found`. */
export async function readRole(ctx: With<'db'>, name: string): Promise<Role> {
  const role = await findRole(ctx, name)
  if (role === undefined) throw new Refusal('role.not_found')
  return role
}

/** Returns the role with this name, built-in ones included; undefined if there is none. */
export async function findRole(ctx: With<'db'>, name: string): Promise<Role | undefined> {
  return builtInRole(name) ?? queries.selectRole(ctx.db, storableText(name))
}

/** Throws `request.validation_failed`, at `/role`, for the name of a role that does not exist. */
export async function requireKnownRole(ctx: With<'db'>, name: string): Promise<void> {
  const isKnown = (await findRole(ctx, name)) !== undefined
  requireNoFieldErrors(isKnown ? [] : [{ pointer: '/role', code: 'role.unknown' }])
}

/** Returns the same; inside a transaction no other one changes or deletes the role before this one ends. */
export async function findSharedRole(ctx: With<'db'>, name: string): Promise<Role | undefined> {
  const select = ctx.db.isTransaction ? queries.selectSharedRole : queries.selectRole
  return builtInRole(name) ?? select(ctx.db, storableText(name))
}

/** Returns the user with the permissions that the role has now, which no other transaction changes before this one ends. */
export async function withSharedRole<User extends PrincipalUser>(ctx: With<'db'>, user: User): Promise<User> {
  if (builtInRole(user.role) !== undefined) return user
  const role = await queries.selectSharedRole(ctx.db, user.role)
  return { ...user, ...heldRole(user.role, role?.permissions.join(' ')) }
}

/** Inserts a role. Throws `role.name_taken`. */
export async function insertNewRole(
  ctx: With<'db' | 'now'>,
  role: Pick<Role, 'name' | 'description' | 'permissions' | 'origin'>,
): Promise<Role> {
  const made: Role = { ...role, revision: 1, createdAt: ctx.now }
  if (!(await queries.insertRoleRow(ctx.db, made))) throw new Refusal('role.name_taken')
  return made
}

/** Writes a role; returns it as written. Throws `LostUpdate` if another transaction has changed or deleted it. */
export async function writeRole(ctx: With<'db'>, role: Role): Promise<Role> {
  if (!(await queries.updateRoleRow(ctx.db, role))) throw new LostUpdate()
  return { ...role, revision: role.revision + 1 }
}

/** Deletes a role. Throws `LostUpdate` if another transaction has changed or deleted it. */
export async function removeRole(ctx: With<'db'>, role: Role): Promise<void> {
  if (!(await queries.deleteRoleRow(ctx.db, role))) throw new LostUpdate()
}
