// The one way to the database: Kysely's query builder, and beside it the prepared queries that run past its executor.
import type { CompiledQuery, Kysely } from 'kysely'

import type { Schema } from './schema.ts'

/** A compiled query with the name under which PostgreSQL keeps its statement prepared. */
export interface PreparedQuery extends CompiledQuery {
  readonly statementName: string
}

/** What a database driver tells about itself and offers beside Kysely's executor. */
export interface Engine {
  readonly dialect: 'sqlite' | 'postgres'
  /** Whether prepared statements last; see `PostgresStatements`. */
  readonly keepsStatements: () => Promise<boolean>
  /** Ways past Kysely's executor, which takes half of the time of a look-up; each may be missing. */
  readonly shortcuts?: Shortcuts
}

interface Shortcuts {
  /** Runs a query that only reads, outside any transaction. */
  readonly read?: (query: PreparedQuery, values: readonly unknown[]) => Promise<unknown[]>
  /** Runs any query in the transaction that is open. */
  readonly runInTransaction?: (query: PreparedQuery, values: readonly unknown[]) => unknown[]
}

/** A database or a transaction on it. Kysely's own transactions and connections are none: they lack `runPrepared`. */
export interface Database extends Kysely<Schema>, Omit<Engine, 'shortcuts'> {
  /** The rows of a query with these values in place of its parameters. */
  runPrepared<Row>(query: PreparedQuery, values: readonly unknown[]): Promise<Row[]>
  /**
   * Runs `work` once, in a transaction that commits when it fulfils; see `runInTransaction`, which also repeats it where
   * PostgreSQL asks. Throws inside a transaction.
   */
  transact<Result>(work: (trx: Database) => Promise<Result>): Promise<Result>
}

type Run = (query: PreparedQuery, values: readonly unknown[]) => Promise<unknown[]>

/**
 * Adds to a Kysely object what makes it a `Database`. With another database as the engine there are no shortcuts: every
 * query runs by the executor of `kysely`, with its plugins and on its connection.
 */
export function withEngine<Builder extends Kysely<Schema>>(kysely: Builder, engine: Engine): Builder & Database {
  const read = kysely.isTransaction ? undefined : engine.shortcuts?.read
  const execute = executorOf(kysely)
  const run: Run = (query, values) => (read && isPlainRead(query) ? read(query, values) : execute(query, values))
  return extend(kysely, engine, run)
}

function extend<Builder extends Kysely<Schema>>(kysely: Builder, engine: Engine, run: Run): Builder & Database {
  const { dialect, keepsStatements } = engine
  return Object.assign(kysely, {
    dialect,
    // A transaction has one connection, which keeps them.
    keepsStatements: kysely.isTransaction ? async () => true : keepsStatements,
    runPrepared: run as Database['runPrepared'],
    transact: <Result>(work: (trx: Database) => Promise<Result>) =>
      kysely.transaction().execute((trx) => workIn(trx, engine, work)),
  })
}

/** Until the work has ended, prepared queries of the transaction take the shortcut; Kysely refuses any that come later. */
async function workIn<Result>(
  trx: Kysely<Schema>,
  engine: Engine,
  work: (trx: Database) => Promise<Result>,
): Promise<Result> {
  const shortcut = engine.shortcuts?.runInTransaction
  const execute = executorOf(trx)
  let isOpen = true
  const run: Run = async (query, values) => (shortcut && isOpen ? shortcut(query, values) : execute(query, values))
  try {
    return await work(extend(trx, engine, run))
  } finally {
    isOpen = false
  }
}

function executorOf(kysely: Kysely<Schema>): Run {
  return async (query, values) => (await kysely.getExecutor().executeQuery({ ...query, parameters: values })).rows
}

/** Raw SQL counts as a read only when it begins with `select`; what is unclear is treated as a write. */
export function isPlainRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql))
}
