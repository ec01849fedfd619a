// The names of what an app refers to by ids.
import type { Client, ClientFields } from '#domain/clients/client.ts'
import { findUserSummaries } from '#domain/users/user-summary.service.ts'
import type { UserSummary } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { selectGroupNames } from '../policies/policy-scopes.view.ts'

/** Returns the names of the groups that an app gets; a deleted group has none. */
export async function namesOfSharedGroups(
  { db }: With<'db'>,
  { sharedGroups }: Pick<ClientFields, 'sharedGroups'>,
): Promise<readonly (string | undefined)[]> {
  if (sharedGroups === 'all' || sharedGroups.length === 0) return []
  const names = new Map((await selectGroupNames(db, sharedGroups)).map(({ id, name }) => [id, name]))
  return sharedGroups.map((id) => names.get(id))
}

/** Returns the admins who made an app and allowed its attributes, by subject; none of them to a reader who may not see users. */
export function adminsOfApp(
  ctx: With<'db' | 'principal'>,
  { createdBy, attributes }: Pick<Client, 'createdBy' | 'attributes'>,
): Promise<ReadonlyMap<string, UserSummary>> {
  const maySeeUsers = permissionsOf(ctx.principal).includes('users:read')
  return findUserSummaries(ctx, maySeeUsers ? [createdBy, ...attributes.map(({ allowedBy }) => allowedBy)] : [])
}
