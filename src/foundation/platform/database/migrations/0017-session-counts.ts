import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

/** The number of running sessions of each day. A program of an earlier version never asks for it. */
export const sessionCounts: Migration = {
  version: 17,
  name: 'session counts',
  oldestProgram: 9,
  async up(trx) {
    await createTable(trx, { name: 'session_count', key: 'day', columns: { day: 'bigint', count: 'bigint' } })
  },
}
