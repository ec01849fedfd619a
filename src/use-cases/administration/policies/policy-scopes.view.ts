// The groups and roles that policies concern, by name.
import type { Database } from '../../../foundation/platform/database/database.ts'

export interface NamedGroup {
  readonly id: string
  readonly name: string
}

/** Returns every group by name. */
export function selectNamedGroups(db: Database): Promise<NamedGroup[]> {
  return db.selectFrom('user_group').select(['id', 'name']).orderBy('name_key').execute()
}

/** Returns the groups with these ids. */
export function selectGroupNames(db: Database, ids: readonly string[]): Promise<NamedGroup[]> {
  return db.selectFrom('user_group').select(['id', 'name']).where('id', 'in', ids).execute()
}

/** Returns the roles beside the built-in ones, by name. */
export async function selectRoleNames(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('role').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}
