import { sql } from 'kysely'

import { ACCOUNT_APART, HAS_NOTHING } from '../user-cells.ts'
import type { Migration } from './migration.ts'

/**
 * Users who are few, each read with a question about all of them: whose review is due, for the deletion of old notices; and for the plan of
 * a policy those whom the counts of users do not distinguish from the others, and those who wait for their invitation.
 */
export const usersApart: Migration = {
  version: 25,
  name: 'users apart',
  oldestProgram: 9,
  async up(trx) {
    await sql`create index users_review_due on users (subject) where review_required_at is not null`.execute(trx)
    await sql`create index users_apart on users (subject) where ${sql.raw(ACCOUNT_APART)}`.execute(trx)
    await sql`create index users_with_nothing on users (disabled) where ${sql.raw(HAS_NOTHING)}`.execute(trx)
  },
}
