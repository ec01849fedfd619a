import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** The state of background jobs, which the nodes of one database share. A program of version 9 never asks for it. */
export const jobs: Migration = {
  version: 10,
  name: 'jobs',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, {
      name: 'job',
      key: 'name',
      columns: {
        name: 'text',
        every: 'bigint',
        next_run_at: 'bigint',
        lease_owner: 'text?',
        lease_until: 'bigint?',
        last_started_at: 'bigint?',
        last_finished_at: 'bigint?',
        last_outcome: 'text?',
        last_error: 'text?',
        failures: 'integer',
      },
    })
  },
}
