import type { Transaction } from '../database.ts'

export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number
  readonly name: string
  /** The oldest schema version that a program must know to run on this schema; the highest of all applies, so a later one need not repeat it. */
  readonly oldestProgram: number
  /** Runs in the one transaction of all pending migrations; may return remarks for the operator. */
  readonly up: (trx: Transaction) => Promise<string[] | void>
}
