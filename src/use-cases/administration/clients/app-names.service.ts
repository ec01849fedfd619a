// The names of what an app refers to by ids.
import type { Client, ClientFields } from '#domain/clients/client.ts'
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

/** Returns the admins who made an app and allowed its attributes, by subject; none of them to a reader who may not see users. */
export function adminsOfApp(
  ctx: With<'db' | 'principal'>,
  { createdBy, attributes }: Pick<Client, 'createdBy' | 'attributes'>,
): Promise<ReadonlyMap<string, UserSummary>> {
  const maySeeUsers = permissionsOf(ctx.principal).includes('users:read')
  return findUserSummaries(ctx, maySeeUsers ? [createdBy, ...attributes.map(({ allowedBy }) => allowedBy)] : [])
}
