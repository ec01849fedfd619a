// The users of two policies.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'
import type { Scoped } from '../scope.ts'

/** The condition on a row of `users` that it is in the scope: of a group, the members are read first, so that other users cost nothing. */
export function isInScope({ scope, scopeRef }: Scoped): RawBuilder<SqlBool> {
  return {
    everyone: sql<SqlBool>`1 = 1`,
    role: hasRole(scopeRef),
    group: sql<SqlBool>`users.subject in (select subject from group_member where group_id = ${scopeRef})`,
  }[scope]
}

/** An unknown role counts as `user`. */
function hasRole(role: string | null): RawBuilder<SqlBool> {
  if (role !== 'user') return sql<SqlBool>`users.role = ${role}`
  return sql<SqlBool>`(users.role is null or (users.role <> 'admin' and users.role not in (select name from role)))`
}

/** Returns the usernames of users in both scopes, at most `most` of them and in no order: a walk along an order might read every user. */
export async function selectUsersOfBoth(db: Database, one: Scoped, other: Scoped, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .select('username')
    .where(isInScope(one))
    .where(isInScope(other))
    .limit(most)
    .execute()
  return rows.map(({ username }) => username ?? '')
}
