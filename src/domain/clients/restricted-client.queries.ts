import type { Database } from '#foundation/platform/database/database.ts'
import type { Client } from './client.ts'

/** Returns whom those of the apps with these ids allow that do not allow everyone. */
export async function selectRestrictedClients(
  db: Database,
  ids: readonly string[],
): Promise<Pick<Client, 'id' | 'allowedRoles' | 'allowedGroups'>[]> {
  const rows = await db
    .selectFrom('client')
    .select(['id', 'allowed_roles', 'allowed_groups'])
    .where('id', 'in', ids)
    .where((eb) => eb.or([eb('allowed_roles', 'is not', null), eb('allowed_groups', 'is not', null)]))
    .execute()
  return rows.map(({ id, allowed_roles: roles, allowed_groups: groups }) => ({
    id,
    allowedRoles: JSON.parse(roles ?? '[]') as string[],
    allowedGroups: JSON.parse(groups ?? '[]') as string[],
  }))
}
