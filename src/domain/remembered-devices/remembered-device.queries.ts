import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { RememberedDevice, Replacement } from './remembered-device.ts'

const COLUMNS = [
  'id',
  'subject',
  'epoch',
  'address',
  'agent',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
  'expires_at as expiresAt',
  'revoked_at as revokedAt',
] as const

/** Inserts a device with the hash of its secret. */
export async function insertRememberedDevice(db: Database, device: RememberedDevice, tokenHash: string): Promise<void> {
  await db
    .insertInto('remembered_device')
    .values({
      id: device.id,
      token_hash: tokenHash,
      subject: device.subject,
      epoch: device.epoch,
      address: device.address,
      agent: device.agent,
      created_at: device.createdAt,
      last_used_at: device.lastUsedAt,
      expires_at: device.expiresAt,
      revoked_at: device.revokedAt,
    })
    .execute()
}

/** A device with what a use of it needs. */
export interface StoredDevice extends RememberedDevice, Replacement {
  /** The session that began with the last use. */
  readonly sessionId: string | null
}

/** Returns the user's device with this id in any state; undefined if there is none. */
export function selectRememberedDevice(
  db: Database,
  { subject, id }: { readonly subject: string; readonly id: string },
): Promise<StoredDevice | undefined> {
  return db
    .selectFrom('remembered_device')
    .select([...COLUMNS, 'token_hash as tokenHash', 'replaced_by as replacedBy', 'session_id as sessionId'])
    .where('id', '=', id)
    .where('subject', '=', subject)
    .executeTakeFirst()
}

/** Returns the user's devices that were not forgotten and have not reached their own end, the latest used first. */
export function selectRememberedDevices(db: Database, subject: string, now: Instant): Promise<RememberedDevice[]> {
  return db
    .selectFrom('remembered_device')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

export interface TokenReplacement {
  readonly id: string
  /** The hash of the secret that is replaced, and of the one that replaces it. */
  readonly from: string
  readonly to: string
  /** The hash of the form that does it; null for one that is not accepted again. */
  readonly by: string | null
  readonly now: Instant
}

/** Replaces the secret of a device; false if it was replaced before, or the device forgotten (replay). */
export function replaceDeviceToken(db: Database, { id, from, to, by, now }: TokenReplacement): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('remembered_device')
      .set({ token_hash: to, replaced_by: by, session_id: null, last_used_at: now })
      .where('id', '=', id)
      .where('token_hash', '=', from)
      .where('revoked_at', 'is', null),
  )
}

/** Stores the session that began with the last use of a device. */
export async function updateDeviceSession(db: Database, id: string, sessionId: string): Promise<void> {
  await db.updateTable('remembered_device').set({ session_id: sessionId }).where('id', '=', id).execute()
}

/** Whether this is the hash of the current secret of a device that was not forgotten. */
export async function isCurrentToken(
  db: Database,
  { id, tokenHash }: { readonly id: string; readonly tokenHash: string },
): Promise<boolean> {
  const row = await db
    .selectFrom('remembered_device')
    .select('id')
    .where('id', '=', id)
    .where('token_hash', '=', tokenHash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** Forgets one device of the user; false if there is none, or it was forgotten before. */
export function revokeRememberedDevice(
  db: Database,
  { subject, id, now }: { readonly subject: string; readonly id: string; readonly now: Instant },
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('remembered_device')
      .set({ revoked_at: now })
      .where('id', '=', id)
      .where('subject', '=', subject)
      .where('revoked_at', 'is', null),
  )
}

/** Forgets all devices of the user; returns how many. */
export async function revokeRememberedDevices(db: Database, subject: string, now: Instant): Promise<number> {
  const rows = await db
    .updateTable('remembered_device')
    .set({ revoked_at: now })
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .returning('id')
    .execute()
  return rows.length
}

/** Deletes devices that reached their own end before an instant, in batches. */
export async function deleteRememberedDevices(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'remembered_device', 'id', (rows) => rows.where('expires_at', '<', before))
}
