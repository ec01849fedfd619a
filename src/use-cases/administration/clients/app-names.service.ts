// The names of what an app refers to by ids, and groups by their names.
import type { Client, ClientFields } from '#domain/clients/client.ts'
import { findGroupByName } from '#domain/groups/group.service.ts'
import type { Group } from '#domain/groups/group.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import type { UserSummary } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { selectGroupNames } from '../policies/policy-scopes.view.ts'

/** Returns the names of groups in an app's row; a deleted group has none, as `all` has. */
export async function namesOfGroups(
  { db }: With<'db'>,
  ids: ClientFields['sharedGroups'],
): Promise<readonly (string | undefined)[]> {
  if (ids === 'all' || ids.length === 0) return []
  const names = new Map((await selectGroupNames(db, ids)).map(({ id, name }) => [id, name]))
  return ids.map((id) => names.get(id))
}

/**
 * Returns the groups with these names; undefined for a name that no group has. At most one more than an app may have is looked up, so that the rule
 * says when they are too many, and a long text costs no more queries.
 */
export function groupsOfNames(ctx: With<'db'>, names: readonly string[], most: number): Promise<(Group | undefined)[]> {
  return Promise.all(names.slice(0, most + 1).map((name) => findGroupByName(ctx, name)))
}

/** Returns the admins who made an app and allowed its attributes, by subject; none of them to a reader who may not see users. */
export function adminsOfApp(
  ctx: With<'db' | 'principal'>,
  { createdBy, attributes }: Pick<Client, 'createdBy' | 'attributes'>,
): Promise<ReadonlyMap<string, UserSummary>> {
  const maySeeUsers = permissionsOf(ctx.principal).includes('users:read')
  return findUserSummaries(ctx, maySeeUsers ? [createdBy, ...attributes.map(({ allowedBy }) => allowedBy)] : [])
}
