import { createTable } from './make-table.ts'
import type { Migration } from './migration.ts'

const NAMES = ['admins', 'external-rows', 'migration', 'seal', 'set-up', 'user-counts']

/** A row for each lock of `lock.ts`. Programs of earlier versions use advisory locks only, so `lock.ts` still takes these too. */
export const namedLocks: Migration = {
  version: 6,
  name: 'named locks',
  oldestProgram: 1,
  async up(trx) {
    await createTable(trx, { name: 'named_lock', key: 'name', columns: { name: 'text' } })
    await trx
      .insertInto('named_lock')
      .values(NAMES.map((name) => ({ name })))
      .execute()
  },
}
