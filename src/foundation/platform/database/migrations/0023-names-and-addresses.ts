import { sql } from 'kysely'

import { IS_ROUTED } from '../user-oddities.ts'
import { rekeyGroups } from './group-keys.ts'
import type { Migration } from './migration.ts'

/**
 * An index of the emails that mail servers route elsewhere, so that the check-up reads those rows alone, and the keys of groups without the
 * joiners of their names. An older program finds such a group by its name without them.
 */
export const namesAndAddresses: Migration = {
  version: 23,
  name: 'names and addresses',
  oldestProgram: 9,
  async up(trx) {
    await sql.raw(`create index users_routed on users (id) where ${IS_ROUTED}`).execute(trx)
    return rekeyGroups(trx)
  },
}
