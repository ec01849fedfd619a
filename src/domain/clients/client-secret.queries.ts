import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { ClientSecret } from './client.ts'

/** Returns the secrets of an app, oldest first, ended ones too. */
export function selectSecrets(db: Database, clientId: string): Promise<ClientSecret[]> {
  return db
    .selectFrom('client_secret')
    .select(['id', 'hash', 'created_at as createdAt', 'expires_at as expiresAt', 'last_used_at as lastUsedAt'])
    .where('client_id', '=', clientId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export type SecretOfClient = Pick<ClientSecret, 'id' | 'hash'> & { readonly clientId: string }

/** Returns the secrets of all apps that are valid now, oldest first. */
export function selectAllValidSecrets(db: Database, now: Instant): Promise<SecretOfClient[]> {
  return db
    .selectFrom('client_secret')
    .select(['id', 'client_id as clientId', 'hash'])
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function insertSecret(db: Database, clientId: string, secret: ClientSecret): Promise<void> {
  const { id, hash, createdAt, expiresAt, lastUsedAt } = secret
  const times = { created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt }
  await db
    .insertInto('client_secret')
    .values({ id, client_id: clientId, hash, ...times })
    .execute()
}

/** Lets a secret of an app be valid until an instant; false if it has ended before, or there is none. */
export function updateSecretEnd(
  db: Database,
  { clientId, id }: { readonly clientId: string; readonly id: string },
  end: Instant,
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('client_secret')
      .set({ expires_at: end })
      .where('id', '=', id)
      .where('client_id', '=', clientId)
      .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', end)])),
  )
}

export async function updateSecretUse(db: Database, id: string, now: Instant): Promise<void> {
  await db.updateTable('client_secret').set({ last_used_at: now }).where('id', '=', id).execute()
}

export async function deleteEndedSecrets(db: Database, clientId: string, before: Instant): Promise<void> {
  await db.deleteFrom('client_secret').where('client_id', '=', clientId).where('expires_at', '<', before).execute()
}
