// One handle writes, another reads while it does: a plain read never waits for a transaction, and a write waits without
// blocking.
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely'

import { isBusy } from './errors.ts'
import { PATIENCE, patiently } from './patience.ts'
import type { SqliteHandle } from './sqlite-handle.ts'
import { WriterQueue } from './writer-queue.ts'

export class SqliteDriver implements Driver {
  readonly #writer: SqliteHandle
  readonly #reader: SqliteHandle
  readonly #queue = new WriterQueue()

  constructor(writer: SqliteHandle, reader: SqliteHandle) {
    this.#writer = writer
    this.#reader = reader
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#writer, this.#reader, this.#queue)
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.rollback()
  }

  async releaseConnection(connection: SqliteConnection): Promise<void> {
    connection.rollback()
  }

  /** Waits for the transaction under way, then leaves one file without a write-ahead log, unless others have it open. */
  async destroy(): Promise<void> {
    await this.#queue.enter(PATIENCE)
    this.#reader.close()
    try {
      // A handle that has just switched to the log opens it at its first read, and cannot empty it before.
      this.#writer.run('select 1 from sqlite_master limit 1', [])
      this.#writer.run('pragma wal_checkpoint(truncate)', [])
    } catch (error) {
      // The log keeps what it holds and is read at the next start.
      if (!isBusy(error)) throw error
    } finally {
      this.#writer.close()
    }
  }
}

/** What Kysely holds for one query or one transaction; costs nothing until it writes. */
class SqliteConnection implements DatabaseConnection {
  readonly #writer: SqliteHandle
  readonly #reader: SqliteHandle
  readonly #queue: WriterQueue
  #inTransaction = false

  constructor(writer: SqliteHandle, reader: SqliteHandle, queue: WriterQueue) {
    this.#writer = writer
    this.#reader = reader
    this.#queue = queue
  }

  async executeQuery<Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> {
    const { sql, parameters } = compiled
    if (this.#inTransaction) return this.#writer.run(sql, parameters)
    if (isPlainRead(compiled)) return patiently(() => readingHandle(this.#writer, this.#reader).run(sql, parameters))
    return this.#write(() => this.#writer.run(sql, parameters))
  }

  // Kysely's contract wants a stream; here it is the whole result at once.
  async *streamQuery<Row>(compiled: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery(compiled)
  }

  /** `immediate`, so that waiting happens here and never in the middle, where SQLite cannot wait. */
  async begin(): Promise<void> {
    const started = performance.now()
    await this.#queue.enter(PATIENCE)
    try {
      await patiently(() => this.#writer.exec('begin immediate'), started)
      this.#inTransaction = true
    } finally {
      if (!this.#inTransaction) this.#queue.leave()
    }
  }

  /** Without a write-ahead log even this waits: until nobody reads. */
  async commit(): Promise<void> {
    await patiently(() => this.#writer.exec('commit'))
    this.#leave()
  }

  /** Undoes the open transaction, if there is one. SQLite has rolled back by itself after some failures. */
  rollback(): void {
    if (!this.#inTransaction) return
    try {
      if (this.#writer.inTransaction) this.#writer.exec('rollback')
    } finally {
      this.#leave()
    }
  }

  #leave(): void {
    this.#inTransaction = false
    this.#queue.leave()
  }

  async #write<Result>(work: () => Result): Promise<Result> {
    const started = performance.now()
    await this.#queue.enter(PATIENCE)
    try {
      return await patiently(work, started)
    } finally {
      this.#queue.leave()
    }
  }
}

/**
 * The handle for a plain read: the writer's, unless a transaction is open on it, which nobody else must see. Each commit
 * makes the other handle forget every page it has read.
 */
export function readingHandle(writer: SqliteHandle, reader: SqliteHandle): SqliteHandle {
  return writer.inTransaction ? reader : writer
}

/** Raw SQL counts as a read only when it begins with `select`; whatever is unclear goes to the writer, which can do both. */
export function isPlainRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql))
}
