import { sql } from 'kysely'

import type { Migration } from './migration.ts'

const INDEX = 'audit_event_position_unique'

/**
 * Limits the index of positions to events with a position. SQLite used the complete index to find the events without one, and sorted all
 * of them for each batch; now it uses `audit_event_unsealed`, which has them in order.
 */
export const waitingEvents: Migration = {
  version: 3,
  name: 'waiting events',
  oldestProgram: 1,
  async up(trx) {
    await trx.schema.dropIndex(INDEX).execute()
    const positions = trx.schema.createIndex(INDEX).on('audit_event').column('position').unique()
    await positions.where(sql.ref('position'), 'is not', null).execute()
  },
}
