// The one query that a request of a protected host makes.
import { sql } from 'kysely'

import { SESSION_WITH_USER } from '#domain/sessions/session-user.queries.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { ANY_POLICY, applicablePolicies, readWithPolicies } from '#foundation/platform/database/user-policies.ts'

/** The groups of the row's user as JSON, where the host needs them; `[]` or null where no user is signed in and for a user in none. */
function groupsOfRow({ dialect }: Pick<Database, 'dialect'>) {
  const fields = sql`'id', user_group.id, 'name', user_group.name`
  const objects =
    dialect === 'postgres'
      ? sql`json_agg(json_build_object(${fields}))::text`
      : sql`json_group_array(json_object(${fields}))`
  return sql<string | null>`case when protected_host.needs_groups = 1 then (
    select ${objects} from group_member join user_group on user_group.id = group_member.group_id
    where group_member.subject = users.subject) end`.as('groups')
}

// A host that is found has a row, whether or not its cookie belongs to a session.
const visit = (db: Database, name: string, hash: string) =>
  db
    .selectFrom('protected_host')
    .leftJoin('host_session', (join) =>
      join.onRef('host_session.host_id', '=', 'protected_host.id').on('host_session.hash', '=', hash),
    )
    .leftJoin('session', (join) =>
      join.onRef('session.id', '=', 'host_session.session_id').on('session.revoked_at', 'is', null),
    )
    .leftJoin('users', (join) =>
      join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
    )
    .select([
      'protected_host.id as hostId',
      'protected_host.name as hostName',
      'protected_host.rules',
      'protected_host.shared_groups as sharedGroups',
      'protected_host.api_tokens as apiTokens',
      'protected_host.preflights',
      'protected_host.needs_groups as needsGroups',
      'session.token_hash as tokenHash',
      'session.transport',
      ...SESSION_WITH_USER,
      groupsOfRow(db),
    ])
    .where('protected_host.name', '=', name)

const selectVisitOnly = preparedQuery((db: Database, name: string, hash: string) =>
  visit(db, name, hash).select(ANY_POLICY),
)
const selectVisitWithPolicies = preparedQuery((db: Database, name: string, hash: string) =>
  visit(db, name, hash).select([ANY_POLICY, applicablePolicies(db).as('policies')]),
)

export type VisitRow = Awaited<ReturnType<typeof selectVisitOnly>>[number] & { readonly policies?: string | null }

/**
 * Selects a host with its rules and, if the cookie of the host belongs to a session that was not ended, that session, its user, and what is known
 * of the user's policies.
 */
export function selectVisit(db: Database, name: string, hash: string): Promise<VisitRow | undefined> {
  return readWithPolicies<VisitRow>(db, {
    withVersions: () => selectVisitWithPolicies(db, name, hash),
    without: () => selectVisitOnly(db, name, hash),
  })
}

/** Returns the groups of a user. */
export const selectGroupsOfUser = preparedQuery((db: Database, subject: string) =>
  db
    .selectFrom('group_member')
    .innerJoin('user_group', 'user_group.id', 'group_member.group_id')
    .select(['user_group.id', 'user_group.name'])
    .where('group_member.subject', '=', subject),
)
