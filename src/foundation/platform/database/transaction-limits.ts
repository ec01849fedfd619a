import { sql } from 'kysely'

import type { Duration } from '../../kernel/time.ts'
import type { Database } from './schema.ts'

export interface TransactionLimits {
  /** How long one statement may run. */
  readonly statement: Duration
  /** How long the transaction may wait for its next statement, so that a node that vanished releases its locks. */
  readonly idle: Duration
}

/**
 * Limits for the transaction that is open on PostgreSQL. They are no start-up parameters, which poolers refuse, and not set for
 * the session, which behind a pooler serves another client next.
 */
export function limitsOf({ statement, idle }: TransactionLimits): string {
  return `set local statement_timeout = ${statement}; set local idle_in_transaction_session_timeout = ${idle}`
}

/** What `liftLimits` sets; a connection that is told this text waits for an answer without an end. */
export const UNLIMITED = limitsOf({ statement: 0, idle: 0 })

/** For work on every row, which takes as long as a large database needs: no statement of this transaction is ended any more. */
export async function liftLimits(trx: Database): Promise<void> {
  if (trx.dialect === 'postgres') await sql.raw(UNLIMITED).execute(trx)
}
