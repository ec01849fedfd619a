import { answersIn } from '#domain/attributes/attribute-value.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { WaitingRegistration } from './registration.ts'

export interface RequestRow {
  readonly id: string
  readonly state: 'requested' | 'known'
  readonly email: string
  readonly locale: string | null
  readonly linkId: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** Inserts a registration that was asked for. */
export async function insertRegistration(db: Database, request: RequestRow): Promise<void> {
  await db
    .insertInto('registration')
    .values({
      id: request.id,
      state: request.state,
      email: request.email,
      locale: request.locale,
      link_id: request.linkId,
      created_at: request.createdAt,
      expires_at: request.expiresAt,
    })
    .execute()
}

/** Returns the registration whose link was mailed and that is neither submitted nor completed; undefined if there is none. */
export function selectRequested(db: Database, linkId: string) {
  return db
    .selectFrom('registration')
    .select(['id', 'email', 'locale'])
    .where('link_id', '=', linkId)
    .where('state', '=', 'requested')
    .executeTakeFirst()
}

/** Whether a registration that waits has claimed the email. */
export async function waitsWithEmail(db: Database, emailKey: string): Promise<boolean> {
  return (await claimOf(db, 'claimed_email_key', emailKey)) !== undefined
}

/** Whether a registration that waits has claimed the username. */
export async function waitsWithUsername(db: Database, usernameKey: string): Promise<boolean> {
  return (await claimOf(db, 'username_key', usernameKey)) !== undefined
}

function claimOf(db: Database, column: 'claimed_email_key' | 'username_key', key: string) {
  return db.selectFrom('registration').select('id').where(column, '=', key).executeTakeFirst()
}

export interface SubmittedRow {
  readonly email_key: string
  readonly username: string
  readonly username_key: string
  readonly full_name: string | null
  readonly hashed_password: string
  readonly time_zone: string | null
  /** JSON, as `answersText` makes it. */
  readonly attributes: string | null
}

/** Lets a requested registration wait; false if it is in another state. Fails on a claimed email or username (unique). */
export function updateToWaiting(
  db: Database,
  id: string,
  { email_key: claimed, ...fields }: SubmittedRow,
  { now, expiresAt }: { readonly now: Instant; readonly expiresAt: Instant },
): Promise<boolean> {
  const times = { submitted_at: now, expires_at: expiresAt }
  return updatedOne(
    db
      .updateTable('registration')
      .set({ ...fields, ...times, state: 'waiting', claimed_email_key: claimed })
      .where('id', '=', id)
      .where('state', '=', 'requested'),
  )
}

/** What a registration no longer needs once it has ended. */
const ENDED = {
  state: 'ended',
  claimed_email_key: null,
  username: null,
  username_key: null,
  full_name: null,
  hashed_password: null,
  attributes: null,
} as const

/** Ends a registration in this state and erases what was typed; false if it is in another state, as after a concurrent decision. */
export function updateToEnded(
  db: Database,
  id: string,
  from: 'requested' | 'waiting',
  keptUntil: Instant,
): Promise<boolean> {
  const update = db.updateTable('registration').set({ ...ENDED, expires_at: keptUntil })
  return updatedOne(update.where('id', '=', id).where('state', '=', from))
}

const WAITING_COLUMNS = [
  'id',
  'email',
  'username',
  'full_name as fullName',
  'hashed_password as hashedPassword',
  'locale',
  'time_zone as timeZone',
  'attributes',
  'submitted_at as submittedAt',
  'expires_at as expiresAt',
] as const

function waitingRows(db: Database, now: Instant) {
  return db
    .selectFrom('registration')
    .select(WAITING_COLUMNS)
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
}

type Row = Awaited<ReturnType<ReturnType<typeof waitingRows>['executeTakeFirstOrThrow']>>

function waitingFromRow({ username, hashedPassword, submittedAt, attributes, ...row }: Row): WaitingRegistration {
  return {
    ...row,
    username: username ?? '',
    hashedPassword: Secret.of(hashedPassword ?? ''),
    submittedAt: submittedAt ?? 0,
    attributes: answersIn(attributes),
  }
}

/** Returns the registrations that wait, oldest first, after the one with that id. */
export async function selectWaiting(
  db: Database,
  { now, after, limit }: { readonly now: Instant; readonly after: string; readonly limit: number },
): Promise<WaitingRegistration[]> {
  const rows = await waitingRows(db, now).where('id', '>', after).orderBy('id').limit(limit).execute()
  return rows.map(waitingFromRow)
}

/** Returns the registration with this id if it waits. */
export async function selectWaitingById(
  db: Database,
  id: string,
  now: Instant,
): Promise<WaitingRegistration | undefined> {
  const row = await waitingRows(db, now).where('id', '=', id).executeTakeFirst()
  return row && waitingFromRow(row)
}

/** Returns the registration that waits with this id, or with this key of its username or email. */
export async function selectWaitingNamed(
  db: Database,
  { word, key, now }: { readonly word: string; readonly key: string; readonly now: Instant },
): Promise<WaitingRegistration | undefined> {
  const row = await waitingRows(db, now)
    .where((eb) => eb.or([eb('id', '=', word), eb('username_key', '=', key), eb('claimed_email_key', '=', key)]))
    .executeTakeFirst()
  return row && waitingFromRow(row)
}

/** Returns how many registrations wait. */
export async function selectWaitingCount(db: Database, now: Instant): Promise<number> {
  const { count } = await db
    .selectFrom('registration')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Whether admins were notified of a registration after an instant. */
export async function wasNotifiedAfter(db: Database, instant: Instant): Promise<boolean> {
  const row = await db
    .selectFrom('registration')
    .select('id')
    .where('told_at', '>', instant)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Notes that admins were notified of all registrations that wait; returns how many they were not notified of before. */
export async function updateNotified(db: Database, now: Instant): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('registration')
    .set({ told_at: now })
    .where('state', '=', 'waiting')
    .where('expires_at', '>', now)
    .where('told_at', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Returns the ids of registrations that waited until they expired. */
export async function selectUndecided(db: Database, now: Instant, limit: number): Promise<string[]> {
  const query = db.selectFrom('registration').select('id').where('state', '=', 'waiting').where('expires_at', '<=', now)
  return (await query.limit(limit).execute()).map(({ id }) => id)
}

/** Deletes registrations that expired, except those that wait, in batches. */
export async function deleteExpiredRegistrationRows(db: Database, now: Instant): Promise<void> {
  await deleteInBatches(db, 'registration', 'id', (rows) =>
    rows.where('expires_at', '<=', now).where('state', '!=', 'waiting'),
  )
}
