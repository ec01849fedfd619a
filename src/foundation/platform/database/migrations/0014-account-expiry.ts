import { sql } from 'kysely'

import { textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * The end of an account, and the email to which the link of an invitation was mailed. A program of version 11 does not know the end:
 * until it is replaced, it lets a user in who has expired.
 */
export const accountExpiry: Migration = {
  version: 14,
  name: 'account expiry',
  oldestProgram: 9,
  async up(trx) {
    for (const column of ['expires_at', 'expiry_notice'])
      await trx.schema.alterTable('users').addColumn(column, 'bigint').execute()
    await trx.schema.alterTable('link').addColumn('mailed_to', textType(trx)).execute()
    // Users whose last notice is still to come, in the order in which they expire.
    await sql`create index users_expiry_due on users (expires_at, id)
      where expires_at is not null and (expiry_notice is null or expiry_notice < 3)`.execute(trx)
  },
}
