import { Kysely } from 'kysely'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

import type { Secret } from '../../../kernel/secret.ts'
import { minutes, seconds } from '../../../kernel/time.ts'
import type { Duration } from '../../../kernel/time.ts'
import { AnswerDeadline } from './answer-deadline.ts'
import { offerDirect } from '../direct.ts'
import type { Database, Schema } from '../schema.ts'
import { endStatement } from './postgres-cancel.ts'
import { DoorwardPostgresDialect } from './postgres-dialect.ts'
import { PostgresHosts } from './postgres-hosts.ts'
import { PostgresReader } from './postgres-reader.ts'
import { repeating } from './repeating.ts'
import { PostgresStatements } from './postgres-statements.ts'
import { hostUrls } from '../../config/postgres-url.ts'
import { UNLIMITED } from '../transaction-limits.ts'

export interface PostgresOptions {
  readonly onStatement?: (text: string) => void
  /** Connections held at most by this process. */
  readonly connections?: number
  /** How long a request waits for a connection. */
  readonly connectWithin?: Duration
  /** How long one statement may run. */
  readonly statementWithin?: Duration
  /** How much later than that the server’s own sentence about it may come; then its connection counts as lost. */
  readonly answerAfter?: Duration
}

/** Of the connections, those that only carry hot reads, and how long one of those may take at most. */
const READERS = 1
const READ_WITHIN = seconds(5)
const IDLE_WITHIN = minutes(1)

const INT8 = pg.types.builtins.INT8

const numbers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    // Number: one that no double holds exactly comes back as the nearest, so that a row with it keeps nobody from the others.
    return oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)
  },
}

/**
 * A pool of connections to the primary of one or several PostgreSQL servers; connects when first used. 64-bit integers come back
 * as numbers. Throws an Error when the URL cannot be parsed, without repeating it.
 */
export function openPostgres(url: Secret, options: PostgresOptions = {}): Database {
  const hosts = new PostgresHosts(urlsIn(url))
  const { statementWithin = seconds(15), answerAfter = seconds(2) } = options
  const readWithin = Math.min(statementWithin, READ_WITHIN)
  const connection: pg.ClientConfig = {
    application_name: 'doorward',
    connectionTimeoutMillis: options.connectWithin ?? seconds(5),
    types: numbers,
  }
  const prepared = new PostgresStatements((error) => hosts.note(error))
  const reader = new PostgresReader({ hosts, connection, prepared, readWithin, answerAfter })
  const max = Math.max(1, (options.connections ?? 10) - READERS)
  const pool = new pg.Pool({ ...connection, max, idleTimeoutMillis: minutes(1), Client: clientAt(hosts) })
  // A connection that dies while idle has left the pool already; without a listener it would end the process.
  pool.on('error', () => undefined)
  const { onStatement } = options
  const end = async (): Promise<void> => {
    await reader.end()
    await pool.end()
  }
  const statements = watchedPool(pool, { end, onStatement, hosts, prepared, statementWithin, answerAfter })
  const limits = { statement: statementWithin, idle: IDLE_WITHIN }
  const db = new Kysely<Schema>({ dialect: new DoorwardPostgresDialect(statements, limits) })
  offerDirect(db, {
    keepsStatements: () => prepared.areKept,
    connections: max,
    read: (text, values) => {
      onStatement?.(text)
      return reader.read(text, values)
    },
  })
  return db
}

/** Hosts, ports and name of the database, with the driver's defaults for what the URL leaves out. Makes no connection. */
export function postgresAddress(url: Secret): string {
  const clients = urlsIn(url).map((connectionString) => new pg.Client({ connectionString }))
  const hosts = clients.map(({ host, port }) => `${host.toLowerCase()}:${port}`).toSorted()
  return `postgres://${hosts.join(',')}/${clients[0]?.database ?? ''}`
}

function urlsIn(url: Secret): string[] {
  const urls = hostUrls(url.reveal())
  if (urls) return urls
  throw new Error(
    'The database URL cannot be read; write postgres://user:password@host:port/database, several hosts separated by commas',
  )
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

/** Gives connections to the primary only, on which statements that have a name run as prepared ones. */
function watchedPool(pool: pg.Pool, { end, ...watching }: Watching & { end: () => Promise<void> }): PostgresPool {
  const { hosts } = watching
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  const take = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect()
    if (known.has(client)) return client
    known.set(client, wrapClient(client, watching))
    await hosts.requirePrimary(client).catch((error: unknown) => {
      client.release(true)
      throw error
    })
    return client
  }
  return {
    options: pool.options,
    end,
    async connect() {
      for (;;) {
        const client = await hosts.search(take)
        const wrapped = known.get(client)
        if (wrapped && hosts.isCurrent(client)) return wrapped
        client.release(true)
      }
    },
  }
}

interface Watching {
  readonly onStatement: PostgresOptions['onStatement']
  readonly hosts: PostgresHosts
  readonly prepared: PostgresStatements
  readonly statementWithin: Duration
  readonly answerAfter: Duration
}

/**
 * In a transaction PostgreSQL itself ends a statement that takes too long, and this process only waits a little longer. Outside,
 * a limit would cost one more round trip, so this process sends a cancel request; the server's default isolation applies there,
 * under which a statement may have to be run again.
 */
function wrapClient(client: pg.PoolClient, watching: Watching): PostgresPoolClient {
  const { onStatement, hosts, prepared, statementWithin, answerAfter } = watching
  // The pool listens only while a connection is idle; one cut between two statements of a transaction would end the process.
  client.on('error', (error) => hosts.note(error))
  let isUnlimited = false
  const inside = new AnswerDeadline(statementWithin + answerAfter, () => {
    hosts.noteLoss()
    client.connection.stream.destroy()
  })
  const outside = new AnswerDeadline(statementWithin, () => {
    hosts.noteLoss()
    endStatement(client, answerAfter)
  })
  const query = (text: string, parameters: readonly unknown[]) => {
    onStatement?.(text)
    const once = () => prepared.run(text, parameters, (statement) => client.query(statement))
    if (client.getTransactionStatus() === 'I') {
      isUnlimited = false
      return repeating(() => outside.of(once()))
    }
    isUnlimited ||= text === UNLIMITED
    return isUnlimited ? once() : inside.of(once())
  }
  return {
    // Kysely also asks for cursors, but only of those who give it a cursor class.
    query: query as unknown as PostgresPoolClient['query'],
    release: (discard) => client.release(discard || !hosts.isCurrent(client)),
  }
}
