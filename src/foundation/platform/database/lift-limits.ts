import { sql } from 'kysely'

import type { Database } from './schema.ts'
import { UNLIMITED } from './transaction-limits.ts'

/** For work on every row, which takes as long as a large database needs: no statement of this transaction is ended any more. */
export async function liftLimits(trx: Database): Promise<void> {
  if (trx.dialect === 'postgres') await sql.raw(UNLIMITED).execute(trx)
}
