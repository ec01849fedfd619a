import type { Transport } from '../../foundation/kernel/principal.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { forShare } from '../../foundation/platform/database/lock.ts'
import { ROLE_PERMISSIONS } from '../../foundation/platform/database/user-columns.ts'
import { preparedQuery } from '../../foundation/platform/database/prepared-query.ts'
import { ANY_POLICY, concerningPolicies, readWithPolicies } from '../../foundation/platform/database/user-policies.ts'
import type { PoliciesOfRow } from '../../foundation/platform/database/user-policies.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { updatedOne } from '../../foundation/platform/database/updated-one.ts'
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

/** Inserts a session with the hash of its token. */
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

// The user comes first: rows are locked in this order, and a change of a user writes that row before its sessions (deadlock).
const sessionWithUser = (db: Database, tokenHash: string, transport: string) =>
  db
    .selectFrom('users')
    .innerJoin('session', (join) =>
      join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
    )
    .select([
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
    ])
    .where('session.token_hash', '=', tokenHash)
    .where('session.transport', '=', transport as Transport)
    .where('session.revoked_at', 'is', null)

const selectSession = preparedQuery((db, tokenHash: string, transport: string) =>
  sessionWithUser(db, tokenHash, transport).select(ANY_POLICY),
)
const selectSessionWithPolicies = preparedQuery((db, tokenHash: string, transport: string) =>
  sessionWithUser(db, tokenHash, transport).select([ANY_POLICY, concerningPolicies(db).as('policies')]),
)

/**
 * Selects the session, its user and what is known of the user's policies in one query. The join ends a session whose user is deleted or has
 * changed credentials since: an older epoch matches no row.
 */
export function selectSessionWithUser(db: Database, ...key: [tokenHash: string, transport: string]) {
  return readWithPolicies<SessionWithUser>(db, {
    withVersions: () => selectSessionWithPolicies(db, ...key),
    without: () => selectSession(db, ...key),
  })
}

/**
 * Selects the same rows with share locks, so that no other transaction changes them before this one ends. The policies are read after that:
 * while this query waits for a lock, they can change.
 */
export const lockSessionWithUser = preparedQuery((db, tokenHash: string, transport: string) =>
  forShare(db, sessionWithUser(db, tokenHash, transport)),
)

export type SessionWithUser = Awaited<ReturnType<typeof lockSessionWithUser>>[number] & PoliciesOfRow

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
export async function revokeSessions(
  db: Database,
  subject: string,
  except: string | null,
  now: Instant,
): Promise<number> {
  const rows = await db
    .updateTable('session')
    .set({ revoked_at: now })
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .$if(except !== null, (query) => query.where('id', '!=', except ?? ''))
    .returning('id')
    .execute()
  return rows.length
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
