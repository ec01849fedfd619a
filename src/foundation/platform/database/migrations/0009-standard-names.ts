import { sql } from 'kysely'

import type { Migration } from './migration.ts'

/** Table, former name of the column, new name. */
const RENAMED_COLUMNS: readonly (readonly [table: string, from: string, to: string])[] = [
  ['session', 'carrier', 'transport'],
  ['session', 'proven_at', 'authenticated_at'],
  ['session', 'proven_methods', 'authentication_methods'],
  ['link', 'spent_at', 'consumed_at'],
  ['totp_factor', 'told_step', 'disclosed_step'],
  ['throttle_bucket', 'closed_by', 'block_event_id'],
  ['audit_event', 'previous', 'previous_mac'],
  ['audit_event', 'seal', 'chain_mac'],
]

/**
 * Renames columns to the standard terms of the glossary. A program of an earlier version queries the former names, so it cannot run on
 * this schema: all its nodes must be stopped before the update.
 */
export const standardNames: Migration = {
  version: 9,
  name: 'standard names',
  oldestProgram: 9,
  async up(trx) {
    for (const [table, from, to] of RENAMED_COLUMNS) {
      await trx.schema.alterTable(table).renameColumn(from, to).execute()
    }
    await sql`update passkey_challenge set purpose = 'reauthentication' where purpose = 'proof'`.execute(trx)
  },
}
