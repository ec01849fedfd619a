import { textType } from './make-table.ts'
import type { Migration } from './migration.ts'

/** The time zone that a set-up or an invitation writes when it is completed. A program of version 10 leaves the column empty. */
export const attemptTimeZone: Migration = {
  version: 11,
  name: 'attempt time zone',
  oldestProgram: 9,
  async up(trx) {
    await trx.schema.alterTable('attempt').addColumn('time_zone', textType(trx)).execute()
  },
}
