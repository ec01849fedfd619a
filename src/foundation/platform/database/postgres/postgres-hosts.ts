import type pg from 'pg'

import { seconds } from '../../../kernel/time.ts'
import { AnswerDeadline } from './answer-deadline.ts'
import { isElsewhere, isPrimaryLost } from '../errors.ts'

/** How long one of several hosts has to accept a connection, and how long any host has to say whether it takes writes. */
const HOST_WITHIN = seconds(2)
const ONLY_HOST_WITHIN = seconds(5)

/**
 * The servers of one database, of which one, the primary, takes writes. A new connection goes to the host that was the primary
 * last, and from there on in the order of the list, until one takes writes. A standby is never read from: a session that was
 * ended could still be alive there. Once a connection says that its server takes no writes any more or goes down, or
 * falls silent, none made before is used again.
 */
export class PostgresHosts {
  readonly #urls: readonly string[]
  readonly #madeAt = new WeakMap<object, number>()
  #current = 0
  #losses = 0

  constructor(urls: readonly string[]) {
    this.#urls = urls
  }

  /** What a new connection is made with. */
  get config(): pg.ClientConfig {
    const [connectionString = ''] = this.#urls.slice(this.#current)
    return { connectionString, ...(this.#isList && { connectionTimeoutMillis: HOST_WITHIN }) }
  }

  get #isList(): boolean {
    return this.#urls.length > 1
  }

  /** Tries one host after the other, each once; throws the error of the last one. */
  async search<Connection>(connect: () => Promise<Connection>, left = this.#urls.length - 1): Promise<Connection> {
    const current = this.#current
    try {
      return await connect()
    } catch (error) {
      if (left === 0 || !isElsewhere(error)) throw error
    }
    // If several connections failed at a host, only the first moves on to the next host, and the others use that one.
    if (this.#current === current) this.#current = (current + 1) % this.#urls.length
    return this.search(connect, left - 1)
  }

  /** Throws where the server of a new connection takes no writes. */
  async requirePrimary(client: pg.Client | pg.PoolClient): Promise<void> {
    this.#madeAt.set(client, this.#losses)
    const deadline = new AnswerDeadline(this.#isList ? HOST_WITHIN : ONLY_HOST_WITHIN, () =>
      client.connection.stream.destroy(),
    )
    const answer = await deadline.of(client.query<{ transaction_read_only: string }>('show transaction_read_only'))
    if (answer.rows[0]?.transaction_read_only !== 'off') throw new ReadOnlyServerError()
  }

  /** False once the primary was lost after this connection was made. */
  isCurrent(client: object): boolean {
    return this.#madeAt.get(client) === this.#losses
  }

  /** The caller reports every failure here. */
  note(error: unknown): void {
    if (isPrimaryLost(error)) this.noteLoss()
  }

  /** The caller reports here that the server of a connection fell silent; the other connections to it are lost too. */
  noteLoss(): void {
    this.#losses += 1
  }
}

/** Has PostgreSQL's own code for a refused write (appendix A). */
class ReadOnlyServerError extends Error {
  override readonly name = 'ReadOnlyServerError'
  readonly code = '25006'

  constructor() {
    super('the server takes no writes: it is a standby, or read-only by default')
  }
}
