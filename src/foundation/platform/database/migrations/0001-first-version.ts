import type { Migration } from './migration.ts'
import { createTables, createUserSearch } from './tables.ts'
import { isLegacyTable, upgradeLegacyUsers } from './upgrade-legacy-database.ts'
import { createUserIndexes, createUsers } from './users-table.ts'

/** All tables of the first release; the users of a legacy database are kept. */
export const firstVersion: Migration = {
  version: 1,
  name: 'first version',
  oldestProgram: 1,
  async up(trx) {
    if (trx.dialect === 'sqlite' && (await isLegacyTable(trx))) await upgradeLegacyUsers(trx)
    else await createUsers(trx)
    await createUserIndexes(trx)
    await createTables(trx)
    return createUserSearch(trx)
  },
}
