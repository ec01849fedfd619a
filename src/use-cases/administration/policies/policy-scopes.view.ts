// The groups and roles that are scopes of policies, by name.
import type { PolicyScope } from '#domain/policies/scope.ts'
import type { Database } from '#foundation/platform/database/database.ts'

export interface NamedGroup {
  readonly id: string
  readonly name: string
}

export function selectNamedGroups(db: Database): Promise<NamedGroup[]> {
  return db.selectFrom('user_group').select(['id', 'name']).orderBy('name_key').execute()
}

export function selectGroupNames(db: Database, ids: readonly string[]): Promise<NamedGroup[]> {
  return db.selectFrom('user_group').select(['id', 'name']).where('id', 'in', ids).execute()
}

/** Returns the roles beside the built-in ones, by name. */
export async function selectRoleNames(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('role').select('name').orderBy('name').execute()
  return rows.map(({ name }) => name)
}

export interface PolicyNames {
  readonly id: string
  readonly name: string
  readonly scope: PolicyScope
  /** The name of the role or the id of the group; null for everyone. */
  readonly scopeRef: string | null
  /** The name of the group; null for other scopes. */
  readonly groupName: string | null
}

/** Returns the names of the policies with these ids, and of their groups. */
export function selectPolicyNames(db: Database, ids: readonly string[]): Promise<PolicyNames[]> {
  return db
    .selectFrom('policy')
    .leftJoin('user_group', (join) =>
      join.onRef('user_group.id', '=', 'policy.scope_ref').on('policy.scope', '=', 'group'),
    )
    .select([
      'policy.id',
      'policy.name',
      'policy.scope',
      'policy.scope_ref as scopeRef',
      'user_group.name as groupName',
    ])
    .where('policy.id', 'in', ids)
    .execute()
}
