import { sql } from 'kysely'

import type { Migration } from './migration.ts'

/**
 * The index by which living grants are counted holds `revoked_at` too, since SQLite reads the row of each grant for that column otherwise: the
 * count of 80,000 grants took 81 ms, and takes 12.
 */
export const countedGrants: Migration = {
  version: 36,
  name: 'counted grants',
  oldestProgram: 9,
  async up(trx) {
    await sql`drop index client_grant_living`.execute(trx)
    await sql`create index client_grant_living on client_grant (client_id, expires_at, revoked_at) where revoked_at is null`.execute(
      trx,
    )
  },
}
