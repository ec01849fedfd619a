import { sql } from 'kysely'

import type { Migration } from './migration.ts'

const INDEX = 'audit_event_position_unique'

/**
 * The index of positions holds only what has one. SQLite took the whole one for the events that wait for theirs and sorted
 * them all for each batch; now only `audit_event_unsealed` is left for them, which has them in order.
 */
export const waitingEvents: Migration = {
  version: 3,
  name: 'waiting events',
  oldestProgram: 1,
  async up(trx) {
    await trx.schema.dropIndex(INDEX).execute()
    const positions = trx.schema.createIndex(INDEX).on('audit_event').column('position').unique()
    await positions.where(sql.ref('position'), 'is not', null).execute()
    return []
  },
}
