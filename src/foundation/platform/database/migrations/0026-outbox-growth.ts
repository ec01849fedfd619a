import { sql } from 'kysely'

import { textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/**
 * Why the last attempt of a mail failed, and indexes by which mails are found by their link, their user and their end. An older program
 * leaves the column as it is.
 */
export const outboxGrowth: Migration = {
  version: 26,
  name: 'outbox growth',
  oldestProgram: 9,
  async up(trx) {
    await trx.schema.alterTable('outbox').addColumn('last_failure', textType(trx)).execute()
    for (const column of ['link_id', 'subject', 'ended_at']) {
      const index = trx.schema.createIndex(`outbox_${column}`).on('outbox').column(column)
      await index.where(sql.ref(column), 'is not', null).execute()
    }
  },
}
