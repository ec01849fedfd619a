// Which apps have to hear of an ending: those that were signed in by a session that it ended, and those where its user ever signed in.
import { type ExpressionBuilder, sql, type SqlBool } from 'kysely'

import { CLOCK_TOLERANCE, type Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'

/** Of which sessions and users. What is left out does not restrict. */
export interface EndedFor {
  readonly clientId?: string | undefined
  readonly subject?: string | undefined
  readonly sessionId?: string | undefined
  /** When it ended: an app that was registered later had nothing to hear of. */
  readonly at: Instant
  /** Whether sessions that go on are left out. */
  readonly onlyEnded?: boolean
}

export interface SessionAtApp {
  readonly sessionId: string
  readonly clientId: string
  readonly subject: string
  readonly sid: string
  /** Null where the app has no URL for it. */
  readonly uri: string | null
}

/** Whether nothing but time has ended the session of the row; a session whose row is gone has ended. */
const GOES_ON = sql<SqlBool>`exists (select 1 from session
  join users on users.subject = session.subject and users.credential_epoch = session.epoch
  where session.id = client_session.session_id and session.revoked_at is null)`

/** Returns sessions at apps whose end was not queued yet, the latest first, before the one that a batch ended with. An id of a session says when it began. */
export function selectSessionsAtApps(
  db: Database,
  { at, clientId, subject, sessionId, onlyEnded = false }: EndedFor,
  { before, limit }: { readonly before: readonly [sessionId: string, clientId: string] | null; readonly limit: number },
): Promise<SessionAtApp[]> {
  return db
    .selectFrom('client_session')
    .leftJoin('client', 'client.id', 'client_session.client_id')
    .select([
      'client_session.session_id as sessionId',
      'client_session.client_id as clientId',
      'client_session.subject',
      'client_session.sid',
      'client.backchannel_uri as uri',
    ])
    .where('client_session.told_at', 'is', null)
    .where((eb) => eb.or([eb('client.id', 'is', null), eb('client.created_at', '<=', at + CLOCK_TOLERANCE)]))
    .$if(clientId !== undefined, (rows) => rows.where('client_session.client_id', '=', clientId ?? ''))
    .$if(subject !== undefined, (rows) => rows.where('client_session.subject', '=', subject ?? ''))
    .$if(sessionId !== undefined, (rows) => rows.where('client_session.session_id', '=', sessionId ?? ''))
    .$if(onlyEnded, (rows) => rows.where((eb) => eb.not(GOES_ON)))
    .$if(before !== null, (rows) =>
      rows.where(
        sql<SqlBool>`(client_session.session_id, client_session.client_id) < (${before?.[0]}, ${before?.[1]})`,
      ),
    )
    .orderBy('client_session.session_id', 'desc')
    .orderBy('client_session.client_id', 'desc')
    .limit(limit)
    .execute()
}

export interface UserOfApp {
  readonly clientId: string
  readonly subject: string
  /** Of the user's latest session there; null where the app is notified of all sessions of the user. */
  readonly sid: string | null
}

/**
 * Returns who has signed in to an app that can be notified, but not by a session that goes on or whose end is part of the same ending, after the one that
 * a batch ended with.
 */
export async function selectUsersWithoutSession(
  db: Database,
  { at, clientId, subject }: EndedFor,
  { after, limit }: { readonly after: readonly [clientId: string, subject: string] | null; readonly limit: number },
): Promise<UserOfApp[]> {
  const isKnown = (eb: ExpressionBuilder<Schema, 'client_user'>) =>
    eb.exists(
      eb
        .selectFrom('client_session')
        .select('client_session.sid')
        .whereRef('client_session.client_id', '=', 'client_user.client_id')
        .whereRef('client_session.subject', '=', 'client_user.subject')
        .where((session) => session.or([session('told_at', 'is', null), session('told_at', '>=', at)])),
    )
  const rows = await db
    .selectFrom('client_user')
    .innerJoin('client', 'client.id', 'client_user.client_id')
    .select([
      'client_user.client_id as clientId',
      'client_user.subject',
      'client_user.sid',
      'client.backchannel_session_required as required',
    ])
    .where('client.backchannel_uri', 'is not', null)
    .where('client.created_at', '<=', at + CLOCK_TOLERANCE)
    .$if(clientId !== undefined, (found) => found.where('client_user.client_id', '=', clientId ?? ''))
    .$if(subject !== undefined, (found) => found.where('client_user.subject', '=', subject ?? ''))
    .where((eb) => eb.not(isKnown(eb)))
    .$if(after !== null, (found) =>
      found.where(sql<SqlBool>`(client_user.client_id, client_user.subject) > (${after?.[0]}, ${after?.[1]})`),
    )
    .orderBy('client_user.client_id')
    .orderBy('client_user.subject')
    .limit(limit)
    .execute()
  return rows.map(({ required, sid, ...row }) => ({ ...row, sid: required === 1 ? sid : null }))
}

/** Notes that the ends of these sessions at these apps are on the list of endings. */
export async function markNotified(
  db: Database,
  sessions: readonly Pick<SessionAtApp, 'sessionId' | 'clientId'>[],
  now: Instant,
): Promise<void> {
  for (const { sessionId, clientId } of sessions)
    await db
      .updateTable('client_session')
      .set({ told_at: now })
      .where('session_id', '=', sessionId)
      .where('client_id', '=', clientId)
      .where('told_at', 'is', null)
      .execute()
}

/** Forgets to which apps a user has signed in, or who has signed in to an app. */
export async function deleteUsersOfApps(
  db: Database,
  of: { readonly clientId: string } | { readonly subject: string },
) {
  const rows = db.deleteFrom('client_user')
  await (
    'clientId' in of ? rows.where('client_id', '=', of.clientId) : rows.where('subject', '=', of.subject)
  ).execute()
}
