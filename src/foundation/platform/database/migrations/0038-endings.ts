import { textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/** What an event ends, beside its details, which may be erased. An older program leaves the columns NULL, and verifies its events as before. */
export const endings: Migration = {
  version: 38,
  name: 'endings',
  oldestProgram: 9,
  async up(trx) {
    for (const name of ['ends', 'session_id', 'kept_session_id', 'client_id', 'ending_mac'])
      await trx.schema.alterTable('audit_event').addColumn(name, textType(trx)).execute()
  },
}
