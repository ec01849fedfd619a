import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { changedRows, countRows } from '#foundation/platform/database/row-count.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { DeviceType } from './passkey.ts'

/** The columns of a passkey that its user sees. */
export interface PasskeyRow {
  readonly id: string
  readonly name: string
  /** base64url. */
  readonly credentialId: string
  /** Separated by spaces. */
  readonly transports: string
  /** A UUID; all zeros if the authenticator does not name its model. */
  readonly aaguid: string
  readonly deviceType: DeviceType
  readonly backedUpAt: Instant | null
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | null
}

/** The same, with the columns that verify an assertion. */
export interface KeyedPasskey extends PasskeyRow {
  readonly subject: string
  /** COSE key, base64url. */
  readonly publicKey: string
  readonly signCount: number
}

const SHOWN = [
  'id',
  'name',
  'credential_id as credentialId',
  'transports',
  'aaguid',
  'device_type as deviceType',
  'backed_up_at as backedUpAt',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
] as const

const KEYED = [...SHOWN, 'subject', 'public_key as publicKey', 'sign_count as signCount'] as const

/** Inserts a passkey; returns false if its credential id is taken by any user. */
export async function insertPasskey(db: Database, passkey: KeyedPasskey): Promise<boolean> {
  const row = await db
    .insertInto('passkey')
    .values({
      id: passkey.id,
      subject: passkey.subject,
      credential_id: passkey.credentialId,
      public_key: passkey.publicKey,
      sign_count: passkey.signCount,
      transports: passkey.transports,
      aaguid: passkey.aaguid,
      device_type: passkey.deviceType,
      backed_up_at: passkey.backedUpAt,
      name: passkey.name,
      created_at: passkey.createdAt,
      last_used_at: passkey.lastUsedAt,
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Returns the user's passkeys, oldest first. */
export function selectPasskeys(db: Database, subject: string): Promise<PasskeyRow[]> {
  return db
    .selectFrom('passkey')
    .select(SHOWN)
    .where('subject', '=', subject)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export function countPasskeysOf(db: Database, subject: string): Promise<number> {
  return countRows(db.selectFrom('passkey').where('subject', '=', subject))
}

const selectByCredential = preparedQuery((db: Database, credentialId: string) =>
  db.selectFrom('passkey').select(KEYED).where('credential_id', '=', credentialId),
)

/** Returns the passkey with this credential id (base64url), of any user; undefined if there is none. */
export async function selectPasskeyWithCredential(
  db: Database,
  credentialId: string,
): Promise<KeyedPasskey | undefined> {
  const [passkey] = await selectByCredential(db, credentialId)
  return passkey
}

/** Records a use; returns false if a use with the same or a higher signature counter was recorded before. */
export function noteUse(
  db: Database,
  { id, signCount, backedUp }: { id: string; signCount: number; backedUp: boolean },
  now: Instant,
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('passkey')
      .set((eb) => ({
        sign_count: signCount,
        last_used_at: now,
        backed_up_at: backedUp ? eb.fn.coalesce('backed_up_at', eb.val(now)) : null,
      }))
      .where('id', '=', id)
      .where('sign_count', signCount === 0 ? '=' : '<', signCount),
  )
}

/** Renames a passkey; returns false if the user has no such passkey. */
export function updatePasskeyName(db: Database, subject: string, id: string, name: string): Promise<boolean> {
  return updatedOne(db.updateTable('passkey').set({ name }).where('subject', '=', subject).where('id', '=', id))
}

/** Deletes a passkey; returns false if the user has no such passkey. */
export function deletePasskey(db: Database, subject: string, id: string): Promise<boolean> {
  return updatedOne(db.deleteFrom('passkey').where('subject', '=', subject).where('id', '=', id))
}

/** Deletes the user's passkeys; returns how many. */
export function deleteAllPasskeys(db: Database, subject: string): Promise<number> {
  return changedRows(db.deleteFrom('passkey').where('subject', '=', subject))
}
