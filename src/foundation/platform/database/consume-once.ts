import { sql } from 'kysely'

import type { Instant } from '../../kernel/time.ts'
import type { Database } from './schema.ts'
import { updatedOne } from './updated-one.ts'

/** What works once, with the column that says when it did. */
const CONSUMED_AT = {
  attempt: 'consumed_at',
  link: 'consumed_at',
  passkey_challenge: 'consumed_at',
  recovery_code: 'consumed_at',
} as const

/**
 * Claims something that works once: true for exactly one of all who try, in whatever process. Inside a transaction that
 * is rolled back the claim is given back.
 */
export function consumeOnce(db: Database, table: keyof typeof CONSUMED_AT, id: string, now: Instant): Promise<boolean> {
  const column = CONSUMED_AT[table]
  // The builder types one table at a time; all of these have an id and their column of `CONSUMED_AT`.
  return updatedOne(
    db
      .updateTable(table as 'attempt')
      .set({ [column]: now })
      .where('id', '=', id)
      .where(sql.ref(column), 'is', null),
  )
}
