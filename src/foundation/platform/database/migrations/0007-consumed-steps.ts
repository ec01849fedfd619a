import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** A row for each consumed step, so that a step consumed while a clock was ahead blocks no current code; and a table of clock jumps. */
export const consumedSteps: Migration = {
  version: 7,
  name: 'consumed steps',
  oldestProgram: 1,
  async up(trx) {
    await createTable(trx, {
      name: 'consumed_totp_step',
      key: ['factor_id', 'step'],
      // No foreign key to `totp_factor`: a row stays after the removal of the factor, until the time of its step has passed.
      columns: { factor_id: 'text', step: 'bigint', ends_at: 'bigint' },
      indexes: [['ends_at']],
    })
    await createTable(trx, {
      name: 'clock_jump',
      key: 'id',
      columns: { id: 'text', at: 'bigint', moved_by: 'bigint' },
      indexes: [['at']],
    })
    for (const column of ['recorded_step', 'unrecorded_until_step']) {
      await trx.schema.alterTable('totp_factor').addColumn(column, 'bigint').execute()
    }
  },
}
