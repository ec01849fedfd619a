import { sql } from 'kysely'

import type { Migration } from './migration.ts'

/**
 * When the reminder of a mailed invitation replaced its link, and the links for which a reminder may be due, by their end. An older program
 * sends no reminders and still accepts a link that was replaced, until it expires.
 */
export const replacedLinks: Migration = {
  version: 29,
  name: 'replaced links',
  oldestProgram: 9,
  async up(trx) {
    await trx.schema.alterTable('link').addColumn('replaced_at', 'bigint').execute()
    await sql`create index link_reminder_due on link (expires_at) where mailed_to is not null and about is null
      and consumed_at is null and replaced_at is null`.execute(trx)
  },
}
