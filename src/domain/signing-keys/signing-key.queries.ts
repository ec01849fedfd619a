import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { SigningKey } from './signing-key.ts'

const COLUMNS = ['kid', 'alg', 'created_at as createdAt', 'signs_from as signsFrom', 'retired_at as retiredAt'] as const

/** Returns all keys, withdrawn ones too, without their private parts. */
export const selectSigningKeys = preparedQuery((db: Database) => db.selectFrom('signing_key').select(COLUMNS))

export interface SealedSigningKey extends SigningKey {
  /** The private key as a JWK (RFC 7517), sealed. */
  readonly sealed: string
}

export function selectSealedSigningKeys(db: Database): Promise<SealedSigningKey[]> {
  return db
    .selectFrom('signing_key')
    .select([...COLUMNS, 'sealed'])
    .execute()
}

export type NewSigningKey = Omit<SealedSigningKey, 'retiredAt'> & { readonly publicJwk: string }

export async function insertSigningKey(db: Database, key: NewSigningKey): Promise<void> {
  const { kid, alg, sealed, publicJwk, createdAt, signsFrom } = key
  await db
    .insertInto('signing_key')
    .values({
      kid,
      alg,
      sealed,
      public_jwk: publicJwk,
      created_at: createdAt,
      signs_from: signsFrom,
      retired_at: null,
    })
    .execute()
}

/** Ends keys for so long ago that none is in the key set. */
export async function withdrawKeyRows(db: Database): Promise<void> {
  await db.updateTable('signing_key').set({ retired_at: 0 }).execute()
}

/** The same for the keys that one of these keys of the keyring has sealed. */
export async function withdrawKeyRowsSealedBy(db: Database, keyIds: readonly string[]): Promise<void> {
  await db
    .updateTable('signing_key')
    .set({ retired_at: 0 })
    .where((eb) => eb.or(keyIds.map((id) => eb('sealed', 'like', `v1.${id}.%`))))
    .execute()
}

/** Writes when keys sign no more; null: no end is known. */
export async function setRetirement(db: Database, kids: readonly string[], at: Instant | null): Promise<void> {
  if (kids.length === 0) return
  await db.updateTable('signing_key').set({ retired_at: at }).where('kid', 'in', kids).execute()
}

export async function deleteSigningKeys(db: Database, kids: readonly string[]): Promise<void> {
  if (kids.length === 0) return
  await db.deleteFrom('signing_key').where('kid', 'in', kids).execute()
}
