import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { DeviceCode } from './device-code.ts'

const COLUMNS = [
  'id',
  'kind',
  'client_id as clientId',
  'grant_id as grantId',
  'is_offline as isOffline',
  'payload',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'consumed_at as consumedAt',
  'successor',
  'denied_at as deniedAt',
] as const

const deviceCodeById = preparedQuery((db: Database, id: string) =>
  db.selectFrom('client_token').select(COLUMNS).where('id', '=', id).where('kind', '=', 'device'),
)

/** Returns the device code with this hash, in whatever state it is. */
export async function selectDeviceCode(db: Database, id: string): Promise<DeviceCode | undefined> {
  const [row] = await deviceCodeById(db, id)
  return row && deviceCodeFromRow(row)
}

/** Returns the device code that waits for a user with this code. */
export async function selectWaitingCode(db: Database, userCode: string, now: Instant): Promise<DeviceCode | undefined> {
  const row = await db
    .selectFrom('client_token')
    .select(COLUMNS)
    .where('user_code', '=', userCode)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row && deviceCodeFromRow(row)
}

type Row = Omit<DeviceCode, 'clientId' | 'isOffline'> & { readonly clientId: string | null; readonly isOffline: number }

function deviceCodeFromRow(row: Row): DeviceCode {
  return { ...row, clientId: row.clientId ?? '', isOffline: row.isOffline === 1 }
}

type NewDeviceCode = Pick<DeviceCode, 'id' | 'clientId' | 'payload' | 'createdAt' | 'expiresAt'> & {
  readonly userCode: string
}

/** Inserts a device code; false if another one has its user code. */
export async function insertDeviceCode(db: Database, code: NewDeviceCode): Promise<boolean> {
  const { id, clientId, userCode, payload, createdAt, expiresAt } = code
  const inserted = await db
    .insertInto('client_token')
    .values({
      id,
      kind: 'device',
      client_id: clientId,
      user_code: userCode,
      is_offline: 0,
      payload,
      created_at: createdAt,
      expires_at: expiresAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export interface ApprovedCode {
  readonly id: string
  readonly grantId: string
  readonly subject: string
  readonly epoch: number
  readonly isOffline: boolean
  readonly payload: string
}

/** Gives a device code that waits to the user; false if another has approved or denied it, or it has expired. */
export function approveCodeRow(db: Database, code: ApprovedCode, now: Instant): Promise<boolean> {
  const { id, grantId, subject, epoch, isOffline, payload } = code
  const given = { grant_id: grantId, subject, epoch, is_offline: isOffline ? 1 : 0, payload, user_code: null }
  return updatedOne(waitingRow(db, id, now).set(given))
}

/** Denies a device code that waits; false as above. */
export function denyCodeRow(db: Database, id: string, now: Instant): Promise<boolean> {
  return updatedOne(waitingRow(db, id, now).set({ denied_at: now, user_code: null }))
}

/** Replaces what a device code says that waits; false as above. */
export function updateWaitingPayload(db: Database, id: string, payload: string, now: Instant): Promise<boolean> {
  return updatedOne(waitingRow(db, id, now).set({ payload }))
}

/** What waits has its user code; what was approved or denied has none. */
function waitingRow(db: Database, id: string, now: Instant) {
  return db
    .updateTable('client_token')
    .where('id', '=', id)
    .where('user_code', 'is not', null)
    .where('expires_at', '>', now)
}

/** Notes that a device has asked; false if it has asked since `before`. One that was noted while a clock was ahead does not count. */
export function updatePoll(
  db: Database,
  id: string,
  { now, before }: { readonly now: Instant; readonly before: Instant },
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('client_token')
      .set({ polled_at: now })
      .where('id', '=', id)
      .where((row) =>
        row.or([row('polled_at', 'is', null), row('polled_at', '<=', before), row('polled_at', '>', now)]),
      ),
  )
}
