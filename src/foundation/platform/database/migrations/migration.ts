import type { Dialect } from '../dialect.ts'
import type { Database } from '../schema.ts'

export interface Migration {
  /** 1, 2, 3 … without gaps. */
  readonly version: number
  readonly name: string
  /**
   * The oldest schema version that a program must know to keep running on the schema this makes, so that programs of this
   * version accept what it writes. The highest one of all migrations counts, so a later migration need not repeat it.
   */
  readonly oldestProgram: number
  /** Runs in the one transaction of all pending migrations; gives remarks for the operator. */
  readonly up: (trx: Database, dialect: Dialect) => Promise<string[]>
}
