// The type of a database: Kysely's query builder, and prepared queries that bypass its executor.
import type { CompiledQuery, Kysely, Transaction as KyselyTransaction } from 'kysely'

import type { Schema } from './schema.ts'

/** A compiled query with the name of its prepared statement on PostgreSQL. */
export interface PreparedQuery extends CompiledQuery {
  readonly statementName: string
}

export interface OpenOptions {
  /** Whether a missing SQLite file is created. A missing PostgreSQL database is never created. */
  readonly create: boolean
  /** Is called with the text of each statement before it runs, including `begin` and `commit`; never with a value. */
  readonly onStatement?: (text: string) => void
  /** On SQLite: whether a transaction that ended waits for others to share its commit; never by default. */
  readonly shouldBatch?: () => boolean
}

/** What is known of commits of a SQLite file that were acknowledged and are no longer in it (decision 0045). */
export interface LostCommits {
  /** Whether some are missing. */
  readonly found: boolean
  /** Ends the report, once what could be used a second time has ended. */
  accept(): void
}

/** Facts about a database driver, and its functions that bypass Kysely's executor. */
export interface Engine {
  readonly dialect: 'sqlite' | 'postgres'
  /** Whether prepared statements last; see `PostgresStatements`. */
  readonly keepsStatements: () => Promise<boolean>
  /** On SQLite. */
  readonly lostCommits?: LostCommits
  /** Functions that bypass Kysely's executor, which takes half of the time of a look-up. Each is optional. */
  readonly shortcuts?: Shortcuts
  /** See `Database`; the database itself where it is left out. */
  readonly forLongReads?: Database
  /** See `Database`; new where it is left out. */
  readonly seen?: Seen
}

/** What earlier reads have seen. It decides only which of several equal queries is sent, and which links pages show. */
interface Seen {
  /** Whether a policy was stored at the last read of a session or an API token. */
  policies: boolean
  /** Whether an app was registered at the last read of a session, so that pages know it without a query. */
  apps: boolean
}

interface Shortcuts {
  /** Runs a query that only reads, outside any transaction. */
  readonly read?: (query: PreparedQuery, values: readonly unknown[]) => Promise<unknown[]>
  /** Runs any query in the transaction that is open. */
  readonly runInTransaction?: (query: PreparedQuery, values: readonly unknown[]) => unknown[]
}

/** A database or a transaction on it. Kysely's own transactions and connections lack `runPrepared`, so they do not have this type. */
export interface Database extends Kysely<Schema>, Omit<Engine, 'shortcuts'> {
  /**
   * The same database for single reads that visit most users or most members of a large group. On SQLite a thread of their own runs them, so
   * that no other read waits. In a transaction it is the transaction.
   */
  readonly forLongReads: Database
  readonly seen: Seen
  /** Runs a query with these values as its parameters; returns the rows. */
  runPrepared<Row>(query: PreparedQuery, values: readonly unknown[]): Promise<Row[]>
  /** Runs `work` once, in a transaction that commits when it fulfils; `runInTransaction` repeats it after a serialization failure. Throws inside a transaction. */
  transact<Result>(work: (trx: Transaction) => Promise<Result>): Promise<Result>
}

/** An open transaction. Only `transact` makes one, so a function that asks for it cannot be called outside a transaction. */
export interface Transaction extends Database {
  readonly isTransaction: true
}

type Run = (query: PreparedQuery, values: readonly unknown[]) => Promise<unknown[]>

/**
 * Extends a Kysely object to a `Database`. Without shortcuts in the engine, as when another `Database` is passed, each query runs by the
 * executor of `kysely`, with its plugins and on its connection.
 */
export function withEngine<Builder extends Kysely<Schema>>(kysely: Builder, engine: Engine): Builder & Database {
  const read = kysely.isTransaction ? undefined : engine.shortcuts?.read
  const execute = executorOf(kysely)
  const run: Run = (query, values) => (read && isPlainRead(query) ? read(query, values) : execute(query, values))
  return extend(kysely, engine, run)
}

function extend<Builder extends Kysely<Schema>>(kysely: Builder, engine: Engine, run: Run): Builder & Database {
  const { dialect, keepsStatements, lostCommits, seen = { policies: false, apps: false } } = engine
  const apart = kysely.isTransaction ? undefined : engine.forLongReads
  return Object.assign(kysely, {
    dialect,
    seen,
    ...(lostCommits && { lostCommits }),
    // The object is the database once the fields are assigned.
    forLongReads: apart ?? (kysely as Builder & Database),
    // A transaction has one connection, which keeps its prepared statements.
    keepsStatements: kysely.isTransaction ? async () => true : keepsStatements,
    runPrepared: run as Database['runPrepared'],
    transact: <Result>(work: (trx: Transaction) => Promise<Result>) =>
      kysely.transaction().execute((trx) => workIn(trx, { ...engine, seen }, work)),
  })
}

/** Prepared queries of the transaction use the shortcut until `work` has ended; Kysely refuses later ones. */
async function workIn<Result>(
  trx: KyselyTransaction<Schema>,
  engine: Engine,
  work: (trx: Transaction) => Promise<Result>,
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

/**
 * Whether a query only reads, and locks no row: PostgreSQL locks none in a read-only transaction. Raw SQL counts as a read only if it begins
 * with `select`; all other raw SQL counts as a write.
 */
export function isPlainRead({ query, sql }: CompiledQuery): boolean {
  if (query.kind === 'SelectQueryNode') return query.endModifiers === undefined
  return query.kind === 'RawNode' && /^\s*select\b/i.test(sql)
}
