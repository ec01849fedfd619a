import pg from 'pg'

import { Refusal } from '../../../kernel/refusal.ts'
import type { Duration } from '../../../kernel/time.ts'
import { AnswerDeadline } from './answer-deadline.ts'
import { endStatement } from './postgres-cancel.ts'
import type { PostgresHosts } from './postgres-hosts.ts'
import type { PostgresStatements, Statement } from './postgres-statements.ts'
import { repeating } from './repeating.ts'

interface ReaderOptions {
  readonly hosts: PostgresHosts
  /** What every connection is made with, besides its host. */
  readonly connection: pg.ClientConfig
  readonly prepared: PostgresStatements
  /** How long one read may run. */
  readonly readWithin: Duration
  /** How much later than that the server’s error message may come; then the connection counts as lost. */
  readonly answerAfter: Duration
}

/**
 * One connection for short reads, sent without waiting for the answers before them (a pipeline; PostgreSQL documentation,
 * Message Flow, “Pipelining”): reads then share messages, where a pool wakes both sides for every single one. Each read sees
 * all that was committed before it was sent. The reader connects when first used, and again after its connection was cut, also
 * because the server fell silent; the reads under way then get the error.
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

  /** All rows. */
  read(statement: Statement, values: readonly unknown[] = []): Promise<unknown[]> {
    return repeating(() => this.#options.prepared.run(statement, values, (config) => this.#readOnce(config)))
  }

  async #readOnce(config: pg.QueryConfig): Promise<unknown[]> {
    if (this.#client && !this.#options.hosts.isCurrent(this.#client)) this.#leave(this.#client)
    const client = this.#client ?? (await this.#connect())
    return (await this.#deadline.of(client.query<pg.QueryResultRow>(config))).rows
  }

  /** The reads under way still get their answers. */
  #leave(client: pg.Client): void {
    this.#forget()
    client.end().catch(() => undefined)
  }

  /** Waits for the reads under way. */
  async end(): Promise<void> {
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
    const client = new pg.Client({ ...connection, ...hosts.config, pipeline: true })
    const lose = (): void => {
      if (this.#client === client) this.#forget()
    }
    // Without a listener a cut connection would end the process.
    client.on('error', (error) => {
      hosts.note(error)
      lose()
    })
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
