import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches, inBatchesToTheLast } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { changedRows } from '#foundation/platform/database/row-count.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { Grant } from './grant.ts'

const COLUMNS = [
  'client_grant.id',
  'client_grant.client_id as clientId',
  'client_grant.subject',
  'client_grant.epoch',
  'client_grant.session_id as sessionId',
  'client_grant.methods',
  'client_grant.authenticated_at as authenticatedAt',
  'client_grant.payload',
  'client_grant.created_at as createdAt',
  'client_grant.expires_at as expiresAt',
  'client_grant.revoked_at as revokedAt',
  'client_grant.resource_id as resourceId',
] as const

const grantById = preparedQuery((db: Database, id: string) =>
  db.selectFrom('client_grant').select(COLUMNS).where('id', '=', id),
)

/** Returns the grant with this id, revoked and expired ones too. */
export async function selectGrant(db: Database, id: string): Promise<Grant | undefined> {
  const [row] = await grantById(db, id)
  return row && { ...row, methods: row.methods.split(' ') }
}

export async function insertGrant(db: Database, grant: Omit<Grant, 'revokedAt'>): Promise<void> {
  const { id, clientId, subject, epoch, sessionId, methods, authenticatedAt, payload, createdAt, expiresAt } = grant
  const { resourceId } = grant
  await db
    .insertInto('client_grant')
    .values({
      id,
      client_id: clientId,
      subject,
      epoch,
      session_id: sessionId,
      methods: methods.join(' '),
      authenticated_at: authenticatedAt,
      payload,
      created_at: createdAt,
      last_used_at: createdAt,
      expires_at: expiresAt,
      revoked_at: null,
      resource_id: resourceId,
    })
    .execute()
}

/** Writes when tokens of the family were last issued. */
export const updateGrantUse = preparedQuery((db: Database, id: string, now: Instant) =>
  db.updateTable('client_grant').set({ last_used_at: now }).where('id', '=', id),
)

/** Revokes a grant; false if it was revoked before, or does not exist. */
export function revokeGrantRow(db: Database, id: string, now: Instant): Promise<boolean> {
  return updatedOne(
    db.updateTable('client_grant').set({ revoked_at: now }).where('id', '=', id).where('revoked_at', 'is', null),
  )
}

/**
 * Revokes the grants of a client, those of one user only if `subject` is given; returns how many. An app of all users has so many that one
 * statement would keep all requests waiting on SQLite, and reach its time limit on PostgreSQL.
 */
export function revokeGrantRowsOf(
  db: Database,
  { clientId, subject }: { readonly clientId: string; readonly subject?: string | undefined },
  now: Instant,
): Promise<number> {
  return inBatchesToTheLast((most) => {
    const some = db
      .selectFrom('client_grant')
      .select('id')
      .where('client_id', '=', clientId)
      .where('revoked_at', 'is', null)
      .$if(subject !== undefined, (query) => query.where('subject', '=', subject ?? ''))
      .limit(most)
    return changedRows(db.updateTable('client_grant').set({ revoked_at: now }).where('id', 'in', some))
  })
}

/** Revokes the grants of a user, except those of one session if it is given; returns how many. */
export function revokeGrantRowsOfUser(
  db: Database,
  { subject, exceptSession }: { readonly subject: string; readonly exceptSession?: string | undefined },
  now: Instant,
): Promise<number> {
  return changedRows(
    db
      .updateTable('client_grant')
      .set({ revoked_at: now })
      .where('subject', '=', subject)
      .where('revoked_at', 'is', null)
      .$if(exceptSession !== undefined, (query) => query.where('session_id', '!=', exceptSession ?? '')),
  )
}

export async function revokeAllGrants(db: Database, now: Instant): Promise<void> {
  await db.updateTable('client_grant').set({ revoked_at: now }).where('revoked_at', 'is', null).execute()
}

export interface ClientSession {
  readonly sessionId: string
  readonly clientId: string
  readonly subject: string
  readonly sid: string
  readonly grantId: string
  readonly expiresAt: Instant
}

const SESSION_COLUMNS = [
  'session_id as sessionId',
  'client_id as clientId',
  'subject',
  'sid',
  'grant_id as grantId',
  'expires_at as expiresAt',
] as const

/** Returns to which apps a session has signed in. */
export function selectClientSessions(db: Database, sessionId: string): Promise<ClientSession[]> {
  return db.selectFrom('client_session').select(SESSION_COLUMNS).where('session_id', '=', sessionId).execute()
}

/** Inserts that a session has signed in to an app, and that its user has; false if it had before. */
export async function insertClientSession(db: Database, row: ClientSession): Promise<boolean> {
  const { sessionId, clientId, subject, sid, grantId, expiresAt } = row
  const inserted = await db
    .insertInto('client_session')
    .values({ session_id: sessionId, client_id: clientId, subject, sid, grant_id: grantId, expires_at: expiresAt })
    .onConflict((conflict) => conflict.doNothing())
    .returning('sid')
    .executeTakeFirst()
  if (inserted === undefined) return false
  await db
    .insertInto('client_user')
    .values({ client_id: clientId, subject, sid })
    .onConflict((conflict) => conflict.columns(['client_id', 'subject']).doUpdateSet({ sid }))
    .execute()
  return true
}

/** Lets a session have another grant at an app, if it has the one that was read; returns whether it did. */
export async function replaceGrantOfSession(
  db: Database,
  { sessionId, clientId, grantId }: ClientSession,
  { id, expiresAt }: Pick<Grant, 'id' | 'expiresAt'>,
): Promise<boolean> {
  const row = await db
    .updateTable('client_session')
    .set({ grant_id: id, expires_at: expiresAt, told_at: null })
    .where('session_id', '=', sessionId)
    .where('client_id', '=', clientId)
    .where('grant_id', '=', grantId)
    .returning('sid')
    .executeTakeFirst()
  return row !== undefined
}

/** Returns the sessions of a user by which apps are signed in: those with a grant that is neither revoked nor expired. */
export async function selectSessionsWithGrants(db: Database, subject: string, now: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('client_grant')
    .select('session_id as id')
    .distinct()
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .execute()
  return rows.map(({ id }) => id)
}

/** Moves what the apps got in one session of a user to another; apps that have signed in to both keep theirs in each. */
export async function moveClientSessions(db: Database, from: string, to: string): Promise<void> {
  await db
    .updateTable('client_session')
    .set({ session_id: to })
    .where('session_id', '=', from)
    .where(
      'client_id',
      'not in',
      db.selectFrom('client_session as other').select('other.client_id').where('other.session_id', '=', to),
    )
    .execute()
  await db.updateTable('client_grant').set({ session_id: to }).where('session_id', '=', from).execute()
}

/** Moves the user's grants of one credential epoch to another. */
export async function updateEpochOfGrants(
  db: Database,
  subject: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await db
    .updateTable('client_grant')
    .set({ epoch: to })
    .where('subject', '=', subject)
    .where('epoch', '=', from)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Deletes grants and sessions of apps that ended before an instant, in batches. */
export async function deleteEndedGrants(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'client_session', ['session_id', 'client_id'], (rows) =>
    rows.where('expires_at', '<', before),
  )
  await deleteInBatches(db, 'client_grant', 'id', (rows) => rows.where('expires_at', '<', before))
  await deleteInBatches(db, 'client_grant', 'id', (rows) => rows.where('revoked_at', '<', before))
}
