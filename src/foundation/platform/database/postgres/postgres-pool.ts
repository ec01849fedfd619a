import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'
import pg from 'pg'

import type { Duration } from '../../../kernel/time.ts'
import { AnswerDeadline } from './answer-deadline.ts'
import { endStatement } from './postgres-cancel.ts'
import type { PostgresHosts } from './postgres-hosts.ts'
import type { PostgresStatements, Statement } from './postgres-statements.ts'
import { repeating } from './repeating.ts'
import { UNLIMITED } from '../transaction-limits.ts'

export interface PoolOptions {
  readonly hosts: PostgresHosts
  readonly prepared: PostgresStatements
  readonly onStatement?: ((text: string) => void) | undefined
  /** How long one statement may run. */
  readonly statementWithin: Duration
  /** How much later than that the server’s error message may come; then the connection counts as lost. */
  readonly answerAfter: Duration
}

/** The driver's pool, whose connections lead to the primary only. */
export class PrimaryPool {
  readonly #pool: pg.Pool
  readonly #options: PoolOptions
  readonly #known = new WeakMap<pg.PoolClient, PostgresConnection>()

  constructor(config: pg.PoolConfig, options: PoolOptions) {
    this.#options = options
    this.#pool = new pg.Pool({ ...config, Client: clientAt(options.hosts) })
    // A connection that dies while idle has left the pool already; without a listener it would end the process.
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

/** The driver's pool makes its connections through this; each goes to the host that is to be used next. */
function clientAt(hosts: PostgresHosts): new () => pg.Client {
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, ...hosts.config })
    }
  }
  return Client
}

/** Commands after which `numAffectedRows` counts rows that were written. */
const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

/**
 * A connection with time limits. In a transaction PostgreSQL itself ends a statement that takes too long, and this process only
 * waits a little longer. Outside, a limit would cost one more round trip, so this process sends a cancel request; the server's
 * default isolation applies there, under which a statement may have to be run again.
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
    // The pool listens only while a connection is idle; one cut between two statements of a transaction would end the process.
    client.on('error', (error) => hosts.note(error))
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
    const { command, rowCount, rows } = await this.run(query, query.parameters)
    // For several statements in one text the driver gives a list of results, which has no rows.
    return { rows: (rows ?? []) as Row[], ...(WRITES.has(command) && { numAffectedRows: BigInt(rowCount ?? 0) }) }
  }

  // Kysely's contract wants a stream; here it is the whole result at once.
  async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    yield await this.executeQuery(query)
  }

  run(statement: Statement, values: readonly unknown[] = []): Promise<pg.QueryResult> {
    this.#options.onStatement?.(statement.sql)
    const once = () => this.#options.prepared.run(statement, values, (config) => this.#client.query(config))
    if (this.#client.getTransactionStatus() === 'I') {
      this.#isUnlimited = false
      return repeating(() => this.#outside.of(once()))
    }
    this.#isUnlimited ||= statement.sql === UNLIMITED
    return this.#isUnlimited ? once() : this.#inside.of(once())
  }

  /** It goes back to the pool to be closed: what its transaction left behind is unknown. */
  noteBroken(): void {
    this.#isBroken = true
  }

  release(): void {
    this.#client.release(this.#isBroken || !this.#options.hosts.isCurrent(this.#client))
  }
}
