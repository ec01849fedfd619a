import type { Migration } from './migration.ts'
import { createUserSearch } from './search-table.ts'
import { createTables } from './tables.ts'
import { adoptUsers, isOriginTable } from './upgrade-legacy-database.ts'
import { createUserIndexes, createUsers } from './users-table.ts'

/** All tables of the first release; the origin app's users come along. */
export const firstVersion: Migration = {
  version: 1,
  name: 'first version',
  oldestProgram: 1,
  async up(trx, dialect) {
    if (dialect === 'sqlite' && (await isOriginTable(trx))) await adoptUsers(trx)
    else await createUsers(trx, dialect)
    await createUserIndexes(trx)
    await createTables(trx, dialect)
    return createUserSearch(trx, dialect)
  },
}
