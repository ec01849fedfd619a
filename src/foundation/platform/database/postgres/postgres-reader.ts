import { setImmediate as nextTurn } from 'node:timers/promises'
import type pg from 'pg'

import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { repeating } from '../transaction.ts'
import { AnswerDeadline, endStatement } from './answer-deadline.ts'
import { clientAt } from './postgres-client.ts'
import type { PostgresHosts } from './postgres-hosts.ts'
import type { PostgresStatements, Statement } from './postgres-statements.ts'

interface ReaderOptions {
  readonly hosts: PostgresHosts
  /** The configuration of each connection, without its host. */
  readonly connection: pg.ClientConfig
  readonly prepared: PostgresStatements
  /** How long one read may run. */
  readonly readWithin: Duration
  /** How long the server’s error message may arrive after that; then the connection counts as lost. */
  readonly answerAfter: Duration
}

/**
 * One connection for short reads, which are sent without waiting for earlier answers (PostgreSQL documentation, Message Flow,
 * “Pipelining”). Several reads share network messages, while a pool wakes client and server for each one. Each read sees all that was
 * committed before it was sent. The reader connects at its first use, and again after its connection was lost or became silent; the
 * pending reads are then rejected.
 */
export class PostgresReader {
  readonly #options: ReaderOptions
  readonly #deadline: AnswerDeadline
  #client: pg.Client | undefined
  #connected: Promise<pg.Client> | undefined
  #closed = false

  constructor(options: ReaderOptions) {
    const { readWithin, answerAfter } = options
    this.#options = options
    this.#deadline = new AnswerDeadline(readWithin, () => {
      options.hosts.noteLoss()
      if (this.#client) endStatement(this.#client, answerAfter)
      this.#forget()
    })
  }

  /** Returns all rows. */
  read(statement: Statement, values: readonly unknown[] = []): Promise<unknown[]> {
    return repeating(() => this.#options.prepared.run(statement, values, (config) => this.#readOnce(config)))
  }

  async #readOnce(config: pg.QueryConfig): Promise<unknown[]> {
    // Reads of requests that arrived together are sent together (cohort scheduling, decision 0046).
    await nextTurn()
    if (this.#client && !this.#options.hosts.isCurrent(this.#client)) this.#leave(this.#client)
    const client = this.#client ?? (await this.#connect())
    return (await this.#deadline.of(client.query<pg.QueryResultRow>(config))).rows
  }

  /** Stops using a connection; its pending reads still get their answers. */
  #leave(client: pg.Client): void {
    this.#forget()
    client.end().catch(() => undefined)
  }

  /** Waits for the pending reads; later ones are rejected. */
  async end(): Promise<void> {
    await nextTurn()
    this.#closed = true
    const client = await this.#connected?.catch(() => undefined)
    this.#forget()
    await client?.end()
  }

  #connect(): Promise<pg.Client> {
    if (this.#closed) return Promise.reject(new Refusal('service.unavailable', { retryAfter: 1 }))
    this.#connected ??= this.#options.hosts
      .search(() => this.#open())
      .catch((error: unknown) => {
        this.#forget()
        throw error
      })
    return this.#connected
  }

  async #open(): Promise<pg.Client> {
    const { hosts, connection } = this.#options
    const client = new (clientAt(hosts))(connection)
    const lose = (): void => {
      if (this.#client === client) this.#forget()
    }
    client.on('error', lose)
    client.on('end', lose)
    await client.connect()
    await hosts.requirePrimary(client).catch((error: unknown) => {
      client.end().catch(() => undefined)
      throw error
    })
    this.#client = client
    return client
  }

  #forget(): void {
    this.#client = undefined
    this.#connected = undefined
  }
}
