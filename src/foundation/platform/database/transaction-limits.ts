import { sql } from 'kysely'

import type { Duration } from '../../kernel/time.ts'
import type { Database } from './database.ts'

export interface TransactionLimits {
  /** How long one statement may run. */
  readonly statement: Duration
  /** How long the transaction may wait for its next statement; after that, the locks of a node that has crashed are released. */
  readonly idle: Duration
}

/**
 * SQL that sets the limits of the open transaction on PostgreSQL. They are no start-up parameters, because poolers refuse those, and not
 * set for the session, because a pooler gives the session to another client next.
 */
export function limitsOf({ statement, idle }: TransactionLimits): string {
  return `set local statement_timeout = ${statement}; set local idle_in_transaction_session_timeout = ${idle}`
}

/** The SQL of `liftLimits`. A connection that has run it waits for answers without a time limit. */
export const UNLIMITED = limitsOf({ statement: 0, idle: 0 })

/** Removes the time limits of the transaction, for work on all rows of a large database. */
export async function liftLimits(trx: Database): Promise<void> {
  if (trx.dialect === 'postgres') await sql.raw(UNLIMITED).execute(trx)
}
