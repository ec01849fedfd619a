import { sql } from 'kysely'

import { textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Sign-in on devices by a code that their user types elsewhere (RFC 8628): which apps may, and what a waiting device code needs beside the columns
 * of every token. An older program beside this one refuses these codes, and keeps the rows.
 */
export const devices: Migration = {
  version: 33,
  name: 'sign-in on devices',
  oldestProgram: 9,
  async up(trx) {
    await trx.schema
      .alterTable('client')
      .addColumn('device_sign_in', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    for (const [name, type] of [
      ['user_code', textType(trx)],
      ['denied_at', 'bigint'],
      ['polled_at', 'bigint'],
    ] as const)
      await trx.schema.alterTable('client_token').addColumn(name, type).execute()
    // Two devices that show the same code would be one for the user who types it.
    await sql`create unique index client_token_user_code on client_token (user_code) where user_code is not null`.execute(
      trx,
    )
  },
}
