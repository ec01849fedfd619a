// Queries of the attributes that apps get.
import type { Database } from '#foundation/platform/database/database.ts'
import type { Client } from './client.ts'

/** Stores the attributes of an app that has none. */
export async function insertAttributes(trx: Database, { id, attributes }: Client): Promise<void> {
  if (attributes.length === 0) return
  const rows = attributes.map(({ key, claim, allowedBy }) => ({ client_id: id, key, claim, allowed_by: allowedBy }))
  await trx.insertInto('client_attribute').values(rows).execute()
}

/** Stores the attributes of an app instead of those that it had. */
export async function replaceAttributes(trx: Database, client: Client): Promise<void> {
  await trx.deleteFrom('client_attribute').where('client_id', '=', client.id).execute()
  await insertAttributes(trx, client)
}

/** Lets apps get an attribute by its new key. */
export async function renameAttributeRows(db: Database, key: string, renamed: string): Promise<void> {
  await db.updateTable('client_attribute').set({ key: renamed }).where('key', '=', key).execute()
}

/** Lets no app get an attribute. */
export async function deleteAttributeRows(db: Database, key: string): Promise<void> {
  await db.deleteFrom('client_attribute').where('key', '=', key).execute()
}
