import type { Database } from '#foundation/platform/database/database.ts'
import type { ClientIcon } from './client-icon.ts'

export async function selectIcon(db: Database, clientId: string): Promise<ClientIcon | undefined> {
  const row = await db
    .selectFrom('client_icon')
    .select(['type', 'content', 'digest'])
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  return row && { ...row, content: Buffer.from(row.content, 'base64') }
}

/** Returns the digest of the icon of each of these apps that has one. */
export function selectIconDigests(db: Database, clientIds: readonly string[]) {
  return db
    .selectFrom('client_icon')
    .select(['client_id as clientId', 'digest'])
    .where('client_id', 'in', clientIds)
    .execute()
}

/** Stores the icon of an app instead of the former one. */
export async function putIcon(trx: Database, clientId: string, { type, content, digest }: ClientIcon): Promise<void> {
  const stored = { type, content: content.toString('base64'), digest }
  await trx
    .insertInto('client_icon')
    .values({ client_id: clientId, ...stored })
    .onConflict((conflict) => conflict.column('client_id').doUpdateSet(stored))
    .execute()
}

export async function deleteIconRow(trx: Database, clientId: string): Promise<void> {
  await trx.deleteFrom('client_icon').where('client_id', '=', clientId).execute()
}
