// Kysely's driver for SQLite. One handle writes and another one reads meanwhile, so that a plain read never waits for a transaction.
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'

import { isPlainRead } from '../database.ts'
import { isBusy } from '../errors.ts'
import type { CommitCount } from './commit-count.ts'
import { GroupCommit } from './group-commit.ts'
import { type SqliteHandle, toSqlite } from './sqlite-handle.ts'
import type { SqliteReader } from './sqlite-reader.ts'
import { retryWhileBusy } from './write-lock.ts'

export interface SqliteHandles {
  readonly writer: SqliteHandle
  readonly reader: SqliteHandle
  /** For reads of a large file, and for those that may take long. */
  readonly thread: SqliteReader
  readonly longThread: SqliteReader
  readonly count: CommitCount
}

export class SqliteDriver implements Driver {
  readonly #handles: SqliteHandles
  readonly #commits: GroupCommit
  /** Connections are reused, because Kysely remembers each connection that it has seen. */
  readonly #idle: SqliteConnection[] = []

  /** @param shouldBatch whether a transaction that ended waits for others to share its commit; see `GroupCommit` */
  constructor(handles: SqliteHandles, shouldBatch: () => boolean) {
    this.#handles = handles
    this.#commits = new GroupCommit(handles, shouldBatch)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return this.#idle.pop() ?? new SqliteConnection(this.#handles, this.#commits)
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    await connection.rollback()
  }

  async releaseConnection(connection: SqliteConnection): Promise<void> {
    await connection.rollback()
    this.#idle.push(connection)
  }

  /** Waits for the transaction in progress, then checkpoints and removes the write-ahead log, unless other programs use the file. */
  async destroy(): Promise<void> {
    const { reader, writer, thread, longThread, count } = this.#handles
    await Promise.all([thread.close(), longThread.close()])
    await this.#commits.close()
    reader.close()
    try {
      // A handle that has just switched to WAL mode opens the log at its first read, and cannot checkpoint it before.
      writer.run('select 1 from sqlite_master limit 1', [])
      count.close()
      writer.run('pragma wal_checkpoint(truncate)', [])
    } catch (error) {
      // The log stays complete and is read at the next start.
      if (!isBusy(error)) throw error
    } finally {
      count.release()
      writer.close()
    }
  }
}

/** Kysely's connection for one query or one transaction. It takes no lock until it writes. */
class SqliteConnection implements DatabaseConnection {
  readonly #handles: SqliteHandles
  readonly #commits: GroupCommit
  #inTransaction = false

  constructor(handles: SqliteHandles, commits: GroupCommit) {
    this.#handles = handles
    this.#commits = commits
  }

  async executeQuery<Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> {
    const { sql, parameters } = compiled
    const write = (): QueryResult<Row> => this.#handles.writer.run(sql, parameters)
    if (this.#inTransaction) return write()
    if (isPlainRead(compiled)) return readIn(this.#handles.thread, this.#handles, compiled)
    return CHANGES.has(compiled.query.kind) ? this.#commits.change(write) : this.#commits.alone(write)
  }

  // Kysely requires a stream; this one yields the complete result at once.
  async *streamQuery<Row>(compiled: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery(compiled)
  }

  async begin(): Promise<void> {
    await this.#commits.begin()
    this.#inTransaction = true
  }

  async commit(): Promise<void> {
    // Whether the commit succeeds or fails, no transaction is left to be rolled back.
    this.#inTransaction = false
    await this.#commits.commit()
  }

  /** Rolls back the open transaction, if there is one. */
  async rollback(): Promise<void> {
    if (!this.#inTransaction) return
    this.#inTransaction = false
    await this.#commits.rollback()
  }
}

/** Kysely's driver for reads that may take long. It knows no transactions: each read is a snapshot of its own. */
export class LongReadDriver implements Driver {
  readonly #handles: SqliteHandles

  constructor(handles: SqliteHandles) {
    this.#handles = handles
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const handles = this.#handles
    const executeQuery = async <Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> => {
      if (!isPlainRead(compiled)) throw new Error('Only reads run in the thread for long reads')
      return readIn<Row>(handles.longThread, handles, compiled)
    }
    return {
      executeQuery,
      async *streamQuery<Row>(compiled: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
        yield await executeQuery<Row>(compiled)
      },
    }
  }

  async beginTransaction(): Promise<void> {
    throw new Error('No transaction runs in the thread for long reads')
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  /** The threads are closed with the driver that writes. */
  async destroy(): Promise<void> {}
}

/**
 * All reads but prepared queries, which find their row by a key. On a large file such a read may take long, so a thread runs it, unless it
 * reads no table: a start reads a few pragmas, and would wait for the thread.
 */
function readIn<Row>(
  thread: SqliteReader,
  handles: SqliteHandles,
  { sql, parameters }: CompiledQuery,
): Promise<QueryResult<Row>> {
  if (!READS_PRAGMA.test(sql) && thread.isNeeded) return thread.read<Row>(sql, parameters.map(toSqlite))
  return retryWhileBusy(() => readingHandle(handles).run<Row>(sql, parameters))
}

/**
 * The handle for a plain read: the writer's, unless a transaction is open on it, whose writes a read must not see (dirty read). The
 * writer's is preferred, because each commit discards the page cache of the other one.
 */
export function readingHandle({ writer, reader }: SqliteHandles): SqliteHandle {
  return writer.inTransaction ? reader : writer
}

const READS_PRAGMA = /^select [\w ]+ from pragma_/

/** Statements that may share a commit. Raw SQL may not, because it may be a statement that cannot run in a transaction. */
const CHANGES: ReadonlySet<CompiledQuery['query']['kind']> = new Set([
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
])
