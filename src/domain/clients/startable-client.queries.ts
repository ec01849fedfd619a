import type { Database } from '#foundation/platform/database/database.ts'

/** Returns what a start page needs of the apps that can be on one, by name. */
export async function selectStartableClients(db: Database) {
  const rows = await db
    .selectFrom('client')
    .select(['id', 'name', 'start_url', 'allowed_roles', 'allowed_groups'])
    .where('start_url', 'is not', null)
    .where('hidden', '=', 0)
    .where('disabled_at', 'is', null)
    .orderBy('name_key')
    .execute()
  return rows.map(({ id, name, start_url: startUrl, allowed_roles: roles, allowed_groups: groups }) => ({
    id,
    name,
    startUrl: startUrl ?? '',
    allowedRoles: JSON.parse(roles ?? '[]') as string[],
    allowedGroups: JSON.parse(groups ?? '[]') as string[],
  }))
}
