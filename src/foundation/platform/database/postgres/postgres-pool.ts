import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import pg from 'pg'

import type { Duration } from '#foundation/kernel/time.ts'
import { isPlainRead } from '../database.ts'
import { repeating, UNLIMITED } from '../transaction.ts'
import { AnswerDeadline, endStatement } from './answer-deadline.ts'
import { clientAt } from './postgres-client.ts'
import type { PostgresHosts } from './postgres-hosts.ts'
import type { PostgresStatements, Statement } from './postgres-statements.ts'

interface PoolOptions {
  readonly hosts: PostgresHosts
  readonly prepared: PostgresStatements
  readonly onStatement?: ((text: string) => void) | undefined
  /** See `PostgresOptions`. */
  readonly statementWithin: Duration
  readonly answerAfter: Duration
  /** The SQL that begins a transaction for one read. */
  readonly beginRead: string
}

/** The pool of the driver, limited to connections to the primary. */
export class PrimaryPool {
  readonly #pool: pg.Pool
  readonly #options: PoolOptions
  readonly #known = new WeakMap<pg.PoolClient, PostgresConnection>()

  constructor(config: pg.PoolConfig, options: PoolOptions) {
    this.#options = options
    this.#pool = new pg.Pool({ ...config, Client: clientAt(options.hosts) })
    // The pool removes a connection that fails while idle. Without a listener its error would end the process.
    this.#pool.on('error', () => undefined)
  }

  async connect(): Promise<PostgresConnection> {
    const { hosts } = this.#options
    for (;;) {
      const client = await hosts.search(() => this.#take())
      const known = this.#known.get(client)
      if (known && hosts.isCurrent(client)) return known
      client.release(true)
    }
  }

  end(): Promise<void> {
    return this.#pool.end()
  }

  async #take(): Promise<pg.PoolClient> {
    const client = await this.#pool.connect()
    if (this.#known.has(client)) return client
    this.#known.set(client, new PostgresConnection(client, this.#options))
    await this.#options.hosts.requirePrimary(client).catch((error: unknown) => {
      client.release(true)
      throw error
    })
    return client
  }
}

/** Commands after which `numAffectedRows` counts rows that were written. */
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/**
 * A connection with time limits. In a transaction PostgreSQL itself ends a statement that takes too long, and this process waits
 * slightly longer. Outside a transaction that limit would cost a further round trip, so this process sends a cancel request. The
 * server's default isolation level applies there, so that a statement may have to run again (serialization failure).
 */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient
  readonly #options: PoolOptions
  readonly #inside: AnswerDeadline
  readonly #outside: AnswerDeadline
  #isUnlimited = false
  #isBroken = false

  constructor(client: pg.PoolClient, options: PoolOptions) {
    const { hosts, statementWithin, answerAfter } = options
    this.#client = client
    this.#options = options
    this.#inside = new AnswerDeadline(statementWithin + answerAfter, () => {
      hosts.noteLoss()
      client.connection.stream.destroy()
    })
    this.#outside = new AnswerDeadline(statementWithin, () => {
      hosts.noteLoss()
      endStatement(client, answerAfter)
    })
  }

  async executeQuery<Row>(query: CompiledQuery & Statement): Promise<QueryResult<Row>> {
    const isLong = query.statementName === undefined && isPlainRead(query) && !this.#isInTransaction
    const { command, rowCount, rows } = await (isLong ? this.#read(query) : this.run(query, query.parameters))
    // For several statements in one text the driver returns a list of results, which has no `rows`.
    return { rows: (rows ?? []) as Row[], ...(WRITES.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) }
  }

  // Kysely requires a stream; this one yields the complete result at once.
  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery(query)
  }

  run(statement: Statement, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    this.#options.onStatement?.(statement.sql)
    const once = () => this.#send(statement, values)
    if (!this.#isInTransaction) {
      this.#isUnlimited = false
      return repeating(() => this.#outside.of(once()))
    }
    this.#isUnlimited ||= statement.sql === UNLIMITED
    return this.#isUnlimited ? once() : this.#inside.of(once())
  }

  get #isInTransaction(): boolean {
    return this.#client.getTransactionStatus() !== 'I'
  }

  #send(statement: Statement, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    return this.#options.prepared.run(statement, values, (config) => this.#client.query(config))
  }

  /**
   * Runs one read in a read-only transaction of its own, which turns JIT off. All reads but prepared queries, which find their row by a
   * key, do so: such a read may take long. Begin, read and commit are sent together, so this takes no further round trip.
   */
  #read(query: CompiledQuery): Promise<pg.QueryResult> {
    this.#options.onStatement?.(query.sql)
    return repeating(() => this.#inside.of(this.#inReadTransaction(query)))
  }

  async #inReadTransaction({ sql, parameters }: CompiledQuery): Promise<pg.QueryResult> {
    const begun = this.#send({ sql: this.#options.beginRead })
    const read = this.#send({ sql }, parameters)
    const answers = await Promise.allSettled([begun, read, this.#send({ sql: 'commit' })])
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
    return read
  }

  /** Marks the connection for closing, because the state of its transaction is unknown. */
  noteBroken(): void {
    this.#isBroken = true
  }

  release(): void {
    this.#client.release(this.#isBroken || !this.#options.hosts.isCurrent(this.#client))
  }
}
