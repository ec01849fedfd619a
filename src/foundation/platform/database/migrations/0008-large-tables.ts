import { sql } from 'kysely'

import type { Database } from '../database.ts'
import { countingSql, statusSql } from '../user-cells.ts'
import { IS_DOUBTFUL, IS_UNREADABLE } from '../user-oddities.ts'
import type { Migration } from './migration.ts'

/** The sort keys of the list of users; each has an index after the status that filters the list. */
const SORTS = ['username_key', 'email_key', 'created_at', 'last_sign_in_at']

const INDEXES: readonly string[] = [
  ...SORTS.map((sort) => `users_status_${sort} on users ((${statusSql()}), ${sort}, id)`),
  'users_without_username on users (username_key, id) where username_key is null',
  'users_without_email on users (email_key, id) where email_key is null',
  `users_doubtful on users (id) where ${IS_DOUBTFUL}`,
  `users_unreadable on users (id) where ${IS_UNREADABLE}`,
  'audit_event_action_at_id on audit_event (action, at, id)',
  `audit_event_refused on audit_event (at, id) where result = 'refused'`,
  'session_last_seen_at on session (last_seen_at) where revoked_at is null',
  'totp_factor_unconfirmed on totp_factor (created_at) where confirmed_at is null',
  'api_token_expires_at on api_token (expires_at)',
  'api_token_revoked_at on api_token (revoked_at) where revoked_at is not null',
]

/** Indexes for every list, filter and deletion job, and a table that counts users, so that no query scans a large table. */
export const largeTables: Migration = {
  version: 8,
  name: 'large tables',
  oldestProgram: 1,
  async up(trx) {
    for (const index of INDEXES) await run(trx, `create index ${index}`)
    for (const statement of countingSql(trx.dialect)) await run(trx, statement)
  },
}

async function run(trx: Database, statement: string): Promise<void> {
  await sql.raw(statement).execute(trx)
}
