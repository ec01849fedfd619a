import type { Transport } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { changedRows } from '#foundation/platform/database/row-count.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { Session } from './session.ts'

const COLUMNS = [
  'id',
  'subject',
  'transport',
  'methods',
  'address',
  'agent',
  'started_at as startedAt',
  'last_seen_at as lastSeenAt',
  'authenticated_at as authenticatedAt',
] as const

const insertPrepared = preparedQuery(
  (
    db: Database,
    id: string,
    hash: string,
    subject: string,
    epoch: number,
    transport: Transport,
    methods: string,
    address: string,
    agent: string | null,
    now: Instant,
    seen: Instant,
    authenticated: Instant,
  ) =>
    db.insertInto('session').values({
      id,
      token_hash: hash,
      subject,
      epoch,
      transport,
      methods,
      address,
      agent,
      started_at: now,
      last_seen_at: seen,
      authenticated_at: authenticated,
      revoked_at: null,
    }),
)

export async function insertSession(
  db: Database,
  session: Session & { tokenHash: string; epoch: number },
): Promise<void> {
  const { id, tokenHash, subject, epoch, transport, methods, address, agent, startedAt, lastSeenAt, authenticatedAt } =
    session
  await insertPrepared(
    db,
    id,
    tokenHash,
    subject,
    epoch,
    transport,
    methods.join(' '),
    address,
    agent,
    startedAt,
    lastSeenAt,
    authenticatedAt,
  )
}

export interface RenewedRow {
  readonly token_hash: string
  readonly epoch?: number
  readonly authenticated_at?: Instant
  readonly authentication_methods?: string
  readonly methods?: string
}

/** Returns false if the session has ended, or if its token was replaced since. */
export function renewSession(db: Database, tokenHash: string, renewed: RenewedRow): Promise<boolean> {
  return updatedOne(
    db.updateTable('session').set(renewed).where('token_hash', '=', tokenHash).where('revoked_at', 'is', null),
  )
}

/** Sets the credential epoch of a session that was not ended. */
export async function updateEpoch(db: Database, id: string, epoch: number): Promise<void> {
  await db.updateTable('session').set({ epoch }).where('id', '=', id).where('revoked_at', 'is', null).execute()
}

/** Moves the user's sessions of one epoch to another; ended sessions and those of any other epoch stay as they are. */
export async function updateEpochOfAll(
  db: Database,
  subject: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await db
    .updateTable('session')
    .set({ epoch: to })
    .where('subject', '=', subject)
    .where('epoch', '=', from)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Ends a session of the user; returns false if there is none, or if it was ended before. */
export function revokeSessionOf(db: Database, subject: string, id: string, now: Instant): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('session')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('subject', '=', subject)
      .where('revoked_at', 'is', null),
  )
}

/** Ends the user's sessions, except the one with the id `except`; returns how many. */
export function revokeSessions(db: Database, subject: string, except: string | null, now: Instant): Promise<number> {
  return changedRows(
    db
      .updateTable('session')
      .set({ revoked_at: now })
      .where('subject', '=', subject)
      .where('revoked_at', 'is', null)
      .$if(except !== null, (query) => query.where('id', '!=', except ?? '')),
  )
}

/** Returns the user's sessions that no limit, revocation or change of credentials has ended, the latest used first. */
export async function selectSessions(
  db: Database,
  subject: string,
  since: { readonly seen: Instant; readonly started: Instant },
): Promise<Session[]> {
  const rows = await db
    .selectFrom('session')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .where('last_seen_at', '>', since.seen)
    .where('started_at', '>', since.started)
    .where('epoch', '=', (eb) =>
      eb.selectFrom('users').select('credential_epoch').whereRef('users.subject', '=', 'session.subject'),
    )
    .orderBy('last_seen_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({ ...row, methods: row.methods.split(' ') }))
}
