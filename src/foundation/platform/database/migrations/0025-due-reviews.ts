import { sql } from 'kysely'

import type { Migration } from './migration.ts'

/** The users whose review is due: they are few, and the deletion of old notices asks for all of them with each batch. */
export const dueReviews: Migration = {
  version: 25,
  name: 'due reviews',
  oldestProgram: 9,
  async up(trx) {
    await sql`create index users_review_due on users (subject) where review_required_at is not null`.execute(trx)
  },
}
