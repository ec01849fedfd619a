import { type SqlBool, sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** Returns the grants of a user that are kept, with whether each can live by itself, and beyond its session. */
export async function selectGrantsOfUser(db: Database, subject: string, now: Instant) {
  const isAlive = sql<SqlBool>`(client_grant.revoked_at is null and client_grant.expires_at > ${now})`
  const outlives = sql<SqlBool>`exists (select 1 from client_token where client_token.grant_id = client_grant.id
    and client_token.is_offline = 1 and client_token.expires_at > ${now})`
  const rows = await db
    .selectFrom('client_grant')
    .select([
      'client_id as clientId',
      'session_id as sessionId',
      'resource_id as resourceId',
      'epoch',
      'methods',
      'created_at as createdAt',
      'last_used_at as lastUsedAt',
      isAlive.as('isAlive'),
      outlives.as('outlivesSession'),
    ])
    .where('subject', '=', subject)
    .execute()
  return rows.map(({ methods, isAlive: alive, outlivesSession, ...row }) => ({
    ...row,
    methods: methods.split(' '),
    isAlive: Boolean(alive),
    outlivesSession: Boolean(outlivesSession),
  }))
}
