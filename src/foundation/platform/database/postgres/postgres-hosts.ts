// Finds the primary among the hosts of a database URL, and detects that it was lost.
import type pg from 'pg'

import { seconds } from '#foundation/kernel/time.ts'
import { isElsewhere, isPrimaryLost } from '../errors.ts'
import { AnswerDeadline } from './answer-deadline.ts'

/** How long one of several hosts has to accept a connection, and then to say whether it accepts writes. */
const HOST_WITHIN = seconds(2)
/** How long a single host has to say whether it accepts writes. */
const ONLY_HOST_WITHIN = seconds(5)

/**
 * The servers of one database, of which one, the primary, accepts writes. A new connection tries the host that was the primary last,
 * then the others in the order of the list, until one accepts writes. Queries never go to a standby, because a revoked session could
 * still be valid there (replication lag). Once a connection reports that its server accepts no more writes or shuts down, or becomes
 * silent, all connections made before are discarded.
 *
 *     searching ─── requirePrimary succeeds ──────────▶ connected
 *     searching ─── a host fails, others are left ────▶ searching   (the next host)
 *     searching ─── the last host fails ──────────────▶ error       (its error is thrown)
 *     connected ─── read-only, shutdown or silence ───▶ searching   (losses + 1: older connections are not current)
 */
export class PostgresHosts {
  readonly #urls: readonly string[]
  readonly #madeAt = new WeakMap<object, number>()
  #current = 0
  #losses = 0

  constructor(urls: readonly string[]) {
    this.#urls = urls
  }

  /** The configuration of a new connection. */
  get config(): pg.ClientConfig {
    const [connectionString = ''] = this.#urls.slice(this.#current)
    return { connectionString, ...(this.#isList && { connectionTimeoutMillis: HOST_WITHIN }) }
  }

  get #isList(): boolean {
    return this.#urls.length > 1
  }

  /** Tries each host once; throws the error of the last one. */
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

  /** Throws if the server of a new connection accepts no writes. */
  async requirePrimary(client: pg.Client | pg.PoolClient): Promise<void> {
    this.#madeAt.set(client, this.#losses)
    const deadline = new AnswerDeadline(this.#isList ? HOST_WITHIN : ONLY_HOST_WITHIN, () =>
      client.connection.stream.destroy(),
    )
    const answer = await deadline.of(client.query<{ transaction_read_only: string }>('show transaction_read_only'))
    if (answer.rows[0]?.transaction_read_only !== 'off') throw new ReadOnlyServerError()
  }

  /** False if the primary was lost after this connection was made. */
  isCurrent(client: object): boolean {
    return this.#madeAt.get(client) === this.#losses
  }

  /** Connections report every error here. */
  note(error: unknown): void {
    if (isPrimaryLost(error)) this.noteLoss()
  }

  /** Connections report here that their server became silent; the other connections to it are lost too. */
  noteLoss(): void {
    this.#losses += 1
  }
}

/** The error of a server that accepts no writes, with PostgreSQL's code for a refused write (appendix A). */
class ReadOnlyServerError extends Error {
  override readonly name = 'ReadOnlyServerError'
  readonly code = '25006'

  constructor() {
    super('the server accepts no writes: it is a standby, or read-only by default')
  }
}
