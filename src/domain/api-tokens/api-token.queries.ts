import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { forShare } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { changedRows } from '#foundation/platform/database/row-count.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import {
  ANY_POLICY,
  applicablePolicies,
  type PoliciesOfRow,
  readWithPolicies,
} from '#foundation/platform/database/user-policies.ts'
import { type ApiToken, scopesIn } from './api-token.ts'

const COLUMNS = [
  'api_token.id as tokenId',
  'api_token.subject as tokenSubject',
  'api_token.name',
  'api_token.scopes',
  'api_token.created_at as tokenCreatedAt',
  'api_token.expires_at as tokenExpiresAt',
  'api_token.last_used_at as lastUsedAt',
  'api_token.revoked_at as revokedAt',
  'api_token.host_id as hostId',
] as const

/** Inserts a token with its hash; the token itself is not stored. */
export async function insertApiToken(db: Database, token: ApiToken, tokenHash: string): Promise<void> {
  await db
    .insertInto('api_token')
    .values({
      id: token.id,
      token_hash: tokenHash,
      subject: token.subject,
      name: token.name,
      scopes: token.scopes.join(' '),
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      last_used_at: token.lastUsedAt,
      revoked_at: token.revokedAt,
      host_id: token.hostId,
    })
    .execute()
}

// The user comes first: rows are locked in this order, and a change of a user writes that row before its tokens (deadlock).
const apiTokenWithUser = (db: Database, tokenHash: string) =>
  db
    .selectFrom('users')
    .innerJoin('api_token', 'users.subject', 'api_token.subject')
    .select([...COLUMNS, ...USER_COLUMNS])
    .where('api_token.token_hash', '=', tokenHash)

const selectApiToken = preparedQuery((db: Database, tokenHash: string) =>
  apiTokenWithUser(db, tokenHash).select(ANY_POLICY),
)
const selectApiTokenWithPolicies = preparedQuery((db: Database, tokenHash: string) =>
  apiTokenWithUser(db, tokenHash).select([ANY_POLICY, applicablePolicies(db).as('policies')]),
)

/** Selects the token, its user and what is known of the user's policies in one query; the rules decide whether the token is valid. */
export function selectApiTokenWithUser(db: Database, tokenHash: string): Promise<ApiTokenWithUser | undefined> {
  return readWithPolicies<ApiTokenWithUser>(db, {
    withVersions: () => selectApiTokenWithPolicies(db, tokenHash),
    without: () => selectApiToken(db, tokenHash),
  })
}

/** Selects the same rows with share locks, so that no other transaction changes them before this one ends; the policies are read after that. */
export const lockApiTokenWithUser = preparedQuery((db: Database, tokenHash: string) =>
  forShare(db, apiTokenWithUser(db, tokenHash)),
)

/** Returns the user's tokens that are neither revoked nor expired, newest first. */
export async function selectLivingApiTokens(db: Database, subject: string, now: Instant): Promise<ApiToken[]> {
  const rows = await db
    .selectFrom('api_token')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map(tokenFromRow)
}

/** Returns the tokens of all users with this role that are neither revoked nor expired. */
export async function selectLivingApiTokensOfRole(db: Database, role: string, now: Instant): Promise<ApiToken[]> {
  const rows = await db
    .selectFrom('users')
    .innerJoin('api_token', 'users.subject', 'api_token.subject')
    .select(COLUMNS)
    .where('users.role', '=', role)
    .where('api_token.revoked_at', 'is', null)
    .where('api_token.expires_at', '>', now)
    .orderBy('api_token.id')
    .execute()
  return rows.map(tokenFromRow)
}

export type ApiTokenWithUser = Awaited<ReturnType<typeof lockApiTokenWithUser>>[number] & PoliciesOfRow

type TokenRow = Omit<ApiToken, 'id' | 'subject' | 'createdAt' | 'expiresAt' | 'scopes'> & {
  readonly tokenId: string
  readonly tokenSubject: string
  readonly tokenCreatedAt: Instant
  readonly tokenExpiresAt: Instant
  readonly scopes: string
}

function tokenFromRow(row: TokenRow): ApiToken {
  const { tokenId: id, tokenSubject: subject, tokenCreatedAt: createdAt, tokenExpiresAt: expiresAt, ...rest } = row
  return { ...rest, id, subject, createdAt, expiresAt, scopes: scopesIn(row.scopes) }
}

/** Revokes one valid token; returns its name, or undefined if the user has no such token. */
export async function revokeApiTokenOf(
  db: Database,
  { subject, id, now }: { readonly subject: string; readonly id: string; readonly now: Instant },
): Promise<string | undefined> {
  const row = await db
    .updateTable('api_token')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('subject', '=', subject)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('name')
    .executeTakeFirst()
  return row?.name
}

/** Revokes the user's valid tokens; returns how many. */
export function revokeApiTokens(db: Database, subject: string, now: Instant): Promise<number> {
  return changedRows(
    db
      .updateTable('api_token')
      .set({ revoked_at: now })
      .where('subject', '=', subject)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now),
  )
}

/** Revokes the valid tokens for a protected host. */
export async function revokeHostTokens(db: Database, hostId: string, now: Instant): Promise<void> {
  await db
    .updateTable('api_token')
    .set({ revoked_at: now })
    .where('host_id', '=', hostId)
    .where('revoked_at', 'is', null)
    .execute()
}

/** Replaces the scopes of a token; `scopes` are separated by spaces. */
export async function updateScopes(db: Database, id: string, scopes: string): Promise<void> {
  await db.updateTable('api_token').set({ scopes }).where('id', '=', id).execute()
}

/** Writes a later use. An earlier use only replaces one after `ahead`, which a wrong clock has written. */
export const updateLastUsed = preparedQuery((db: Database, id: string, now: Instant, ahead: Instant) =>
  db
    .updateTable('api_token')
    .set({ last_used_at: now })
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', now), eb('last_used_at', '>', ahead)]),
    ),
)

/** Deletes tokens that expired or were revoked before an instant, in batches. */
export async function deleteEndedApiTokens(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'api_token', 'token_hash', (rows) => rows.where('expires_at', '<', before))
  await deleteInBatches(db, 'api_token', 'token_hash', (rows) => rows.where('revoked_at', '<', before))
}
