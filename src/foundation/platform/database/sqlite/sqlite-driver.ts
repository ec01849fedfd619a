// One handle writes, another reads while it does: a plain read never waits for a transaction, and a write waits without
// blocking.
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'

import { isPlainRead } from '../database.ts'
import { isBusy } from '../errors.ts'
import { retryWhileBusy } from '../busy-retry.ts'
import { GroupCommit } from './group-commit.ts'
import { toSqlite } from './sqlite-handle.ts'
import type { SqliteHandle } from './sqlite-handle.ts'
import type { SqliteReader } from './sqlite-reader.ts'

export interface SqliteHandles {
  readonly writer: SqliteHandle
  readonly reader: SqliteHandle
  /** For reads of a large file. */
  readonly thread: SqliteReader
}

export class SqliteDriver implements Driver {
  readonly #handles: SqliteHandles
  readonly #commits: GroupCommit
  /** Kysely keeps a note of each connection it has seen, so they are handed out again. */
  readonly #idle: SqliteConnection[] = []

  /** @param shouldBatch whether a transaction that ended may wait a moment for others to share its commit */
  constructor(handles: SqliteHandles, shouldBatch: () => boolean) {
    this.#handles = handles
    this.#commits = new GroupCommit(handles.writer, shouldBatch)
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

  /** Waits for the transaction under way, then leaves one file without a write-ahead log, unless others have it open. */
  async destroy(): Promise<void> {
    const { reader, writer, thread } = this.#handles
    await thread.close()
    await this.#commits.close()
    reader.close()
    try {
      // A handle that has just switched to the log opens it at its first read, and cannot empty it before.
      writer.run('select 1 from sqlite_master limit 1', [])
      writer.run('pragma wal_checkpoint(truncate)', [])
    } catch (error) {
      // The log keeps what it holds and is read at the next start.
      if (!isBusy(error)) throw error
    } finally {
      writer.close()
    }
  }
}

/** What Kysely holds for one query or one transaction; costs nothing until it writes. */
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
    const handles = this.#handles
    const write = (): QueryResult<Row> => handles.writer.run(sql, parameters)
    if (this.#inTransaction) return write()
    if (isPlainRead(compiled)) return this.#read(compiled)
    return isChange(compiled) ? this.#commits.change(write) : this.#commits.alone(write)
  }

  /** Prepared queries, each of which finds its row by a key, do not come here; all other reads may take long. */
  #read<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { thread } = this.#handles
    if (thread.isNeeded) return thread.read<Row>(sql, parameters.map(toSqlite))
    return retryWhileBusy(() => readingHandle(this.#handles).run<Row>(sql, parameters))
  }

  // Kysely's contract wants a stream; here it is the whole result at once.
  async *streamQuery<Row>(compiled: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery(compiled)
  }

  async begin(): Promise<void> {
    await this.#commits.begin()
    this.#inTransaction = true
  }

  async commit(): Promise<void> {
    // However it ends, there is nothing left to roll back.
    this.#inTransaction = false
    await this.#commits.commit()
  }

  /** Undoes the open transaction, if there is one. */
  async rollback(): Promise<void> {
    if (!this.#inTransaction) return
    this.#inTransaction = false
    await this.#commits.rollback()
  }
}

/**
 * The handle for a plain read: the writer's, unless a transaction is open on it, which nobody else must see. Each commit
 * makes the other handle forget every page it has read.
 */
export function readingHandle({ writer, reader }: SqliteHandles): SqliteHandle {
  return writer.inTransaction ? reader : writer
}

/** What may share a commit. Raw SQL may not: nobody knows whether it can be part of a transaction. */
function isChange({ query }: CompiledQuery): boolean {
  return CHANGES.has(query.kind)
}

const CHANGES: ReadonlySet<CompiledQuery['query']['kind']> = new Set([
  'InsertQueryNode',
  'UpdateQueryNode',
  'DeleteQueryNode',
])
