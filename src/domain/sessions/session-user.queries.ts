import { sql, type SqlBool } from 'kysely'

import type { Transport } from '#foundation/kernel/principal.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { forShare } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { ROLE_PERMISSIONS } from '#foundation/platform/database/user-columns.ts'
import {
  ANY_POLICY,
  applicablePolicies,
  type PoliciesOfRow,
  readWithPolicies,
} from '#foundation/platform/database/user-policies.ts'

/** What is read of a session and its user at each access. */
export const SESSION_WITH_USER = [
  'session.id as sessionId',
  'session.methods',
  'session.started_at as startedAt',
  'session.last_seen_at as lastSeenAt',
  'session.authenticated_at as authenticatedAt',
  'session.authentication_methods as authenticationMethods',
  'users.id',
  'users.subject',
  'users.username',
  'users.email',
  'users.email_verified_at as emailVerifiedAt',
  'users.full_name as fullName',
  'users.role',
  ROLE_PERMISSIONS,
  'users.disabled',
  'users.credential_epoch as credentialEpoch',
  'users.revision',
  'users.created_at as createdAt',
  'users.second_factor_at as secondFactorAt',
  'users.passkey_at as passkeyAt',
  'users.last_sign_in_at as lastSignInAt',
  'users.invited_at as invitedAt',
  'users.password_change_asked_at as passwordChangeAskedAt',
  'users.expires_at as expiresAt',
  'users.locale',
  'users.time_zone as timeZone',
] as const

// The user comes first: rows are locked in this order, and a change of a user writes that row before its sessions (deadlock).
const withoutEnd = (db: Database) =>
  db
    .selectFrom('users')
    .innerJoin('session', (join) =>
      join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
    )
    .where('session.revoked_at', 'is', null)

const sessionWithUser = (db: Database) => withoutEnd(db).select(SESSION_WITH_USER)

const sessionByHash = (db: Database, tokenHash: string, transport: string) =>
  sessionWithUser(db)
    .where('session.token_hash', '=', tokenHash)
    .where('session.transport', '=', transport as Transport)

const sessionById = (db: Database, id: string) =>
  sessionWithUser(db).select(['session.token_hash as tokenHash', 'session.transport']).where('session.id', '=', id)

/** Selects whether any app is registered. */
const ANY_CLIENT = sql<SqlBool>`exists (select 1 from client)`.as('anyClient')

const selectSession = preparedQuery((db, tokenHash: string, transport: string) =>
  sessionByHash(db, tokenHash, transport).select([ANY_POLICY, ANY_CLIENT]),
)
const selectSessionWithPolicies = preparedQuery((db, tokenHash: string, transport: string) =>
  sessionByHash(db, tokenHash, transport).select([ANY_POLICY, ANY_CLIENT, applicablePolicies(db).as('policies')]),
)
const selectById = preparedQuery((db, id: string) => sessionById(db, id).select(ANY_POLICY))
const selectByIdWithPolicies = preparedQuery((db, id: string) =>
  sessionById(db, id).select([ANY_POLICY, applicablePolicies(db).as('policies')]),
)

/**
 * Selects the session, its user and what is known of the user's policies in one query. The join ends a session whose user is deleted or has
 * changed credentials since: an older epoch matches no row.
 */
export async function selectSessionWithUser(db: Database, ...key: [tokenHash: string, transport: string]) {
  const row = await readWithPolicies<SessionWithUser & { readonly anyClient: SqlBool }>(db, {
    withVersions: () => selectSessionWithPolicies(db, ...key),
    without: () => selectSession(db, ...key),
  })
  if (row !== undefined) db.seen.apps = Boolean(row.anyClient)
  return row
}

/** Selects the same by the id of the session, with the hash of its token, which a re-authentication replaces. */
export function selectSessionWithUserById(db: Database, id: string) {
  return readWithPolicies<IdentifiedSession>(db, {
    withVersions: () => selectByIdWithPolicies(db, id),
    without: () => selectById(db, id),
  })
}

/** Finds a session that was neither ended nor left behind by its user's credentials. */
export const selectWithoutEnd = preparedQuery((db, id: string) =>
  withoutEnd(db).select('session.id').where('session.id', '=', id),
)

/** Selects the same for several sessions in one query, which always reads the policies. */
export function selectSessionsWithUsers(db: Database, ids: readonly string[]): Promise<IdentifiedSession[]> {
  return sessionWithUser(db)
    .select(['session.token_hash as tokenHash', 'session.transport', applicablePolicies(db).as('policies')])
    .where('session.id', 'in', ids)
    .execute()
}

/**
 * Selects the same rows with share locks, so that no other transaction changes them before this one ends. The policies are read after that:
 * while this query waits for a lock, they can change.
 */
export const lockSessionWithUser = preparedQuery((db, tokenHash: string, transport: string) =>
  forShare(db, sessionByHash(db, tokenHash, transport)),
)

/** The same by the id of the session. */
export const lockSessionWithUserById = preparedQuery((db, id: string) => forShare(db, sessionById(db, id)))

export type SessionWithUser = Awaited<ReturnType<typeof lockSessionWithUser>>[number] & PoliciesOfRow
type IdentifiedSession = SessionWithUser & { readonly tokenHash: string; readonly transport: Transport }
