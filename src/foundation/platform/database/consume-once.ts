import { sql } from 'kysely'

import type { Instant } from '../../kernel/time.ts'
import type { Database } from './database.ts'
import { updatedOne } from './updated-one.ts'

/** The tables of one-time values, with the column of the time of consumption. */
const CONSUMED_AT = {
  attempt: 'consumed_at',
  link: 'consumed_at',
  passkey_challenge: 'consumed_at',
  recovery_code: 'consumed_at',
} as const

/**
 * Consumes a one-time value: returns true for exactly one of all concurrent calls, in any process, which prevents replay. If the
 * transaction is rolled back, the value is not consumed.
 */
export function consumeOnce(db: Database, table: keyof typeof CONSUMED_AT, id: string, now: Instant): Promise<boolean> {
  const column = CONSUMED_AT[table]
  // Kysely types one table at a time; all of these have an id and the column of `CONSUMED_AT`.
  return updatedOne(
    db
      .updateTable(table as 'attempt')
      .set({ [column]: now })
      .where('id', '=', id)
      .where(sql.ref(column), 'is', null),
  )
}
