import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { GrantToken } from './grant.ts'

const tokenById = preparedQuery((db: Database, id: string) =>
  db
    .selectFrom('client_token')
    .select([
      'id',
      'kind',
      'grant_id as grantId',
      'is_offline as isOffline',
      'payload',
      'created_at as createdAt',
      'expires_at as expiresAt',
      'consumed_at as consumedAt',
      'successor',
    ])
    .where('id', '=', id),
)

/** Returns the token with this hash, consumed and expired ones too. */
export async function selectToken(db: Database, id: string): Promise<GrantToken | undefined> {
  const [row] = await tokenById(db, id)
  return row && { ...row, isOffline: row.isOffline === 1 }
}

type NewToken = Omit<GrantToken, 'consumedAt' | 'successor'>

/**
 * Inserts a token of a grant; false if the grant was revoked. One statement, so that no token is issued to a family that was revoked
 * because another presented the same code.
 */
export async function insertGrantToken(db: Database, token: NewToken): Promise<boolean> {
  const inserted = await db
    .insertInto('client_token')
    .columns([
      'id',
      'kind',
      'client_id',
      'grant_id',
      'subject',
      'epoch',
      'is_offline',
      'payload',
      'created_at',
      'expires_at',
    ])
    .expression((eb) =>
      eb
        .selectFrom('client_grant')
        .select((of) => [
          of.val(token.id).as('id'),
          of.val(token.kind).as('kind'),
          'client_grant.client_id',
          'client_grant.id as grant_id',
          'client_grant.subject',
          'client_grant.epoch',
          of.val(token.isOffline ? 1 : 0).as('is_offline'),
          of.val(token.payload).as('payload'),
          of.val(token.createdAt).as('created_at'),
          of.val(token.expiresAt).as('expires_at'),
        ])
        .where('client_grant.id', '=', token.grantId ?? '')
        .where('client_grant.revoked_at', 'is', null),
    )
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Inserts what has no grant, or replaces what it says. */
export async function putToken(db: Database, token: NewToken): Promise<void> {
  const { id, kind, isOffline, payload, createdAt, expiresAt } = token
  await db
    .insertInto('client_token')
    .values({
      id,
      kind,
      client_id: null,
      grant_id: null,
      subject: null,
      epoch: null,
      is_offline: isOffline ? 1 : 0,
      payload,
      created_at: createdAt,
      expires_at: expiresAt,
      consumed_at: null,
      successor: null,
    })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ payload, expires_at: expiresAt }))
    .execute()
}

/** Stores the sealed successor of a consumed refresh token. */
export async function setSuccessor(db: Database, id: string, successor: string): Promise<void> {
  await db.updateTable('client_token').set({ successor }).where('id', '=', id).execute()
}

/** Removes the successors that one of these keys of the keyring has sealed. */
export async function clearSuccessorsSealedBy(db: Database, keyIds: readonly string[]): Promise<void> {
  await db
    .updateTable('client_token')
    .set({ successor: null })
    .where((eb) => eb.or(keyIds.map((id) => eb('successor', 'like', `v1.${id}.%`))))
    .execute()
}

export async function deleteAllTokens(db: Database): Promise<void> {
  await db.deleteFrom('client_token').execute()
}

export async function deleteToken(db: Database, id: string): Promise<void> {
  await db.deleteFrom('client_token').where('id', '=', id).execute()
}

export async function deleteExpiredTokenRows(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'client_token', 'id', (rows) => rows.where('expires_at', '<', before))
}
