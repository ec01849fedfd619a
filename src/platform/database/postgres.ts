import { Kysely } from 'kysely'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

import type { Secret } from '../../kernel/secret.ts'
import { minutes, seconds } from '../../kernel/time.ts'
import type { Duration } from '../../kernel/time.ts'
import { AnswerDeadline } from './answer-deadline.ts'
import { offerDirect } from './direct.ts'
import type { Database, Schema } from './schema.ts'
import { DoorwardPostgresDialect } from './postgres-dialect.ts'
import { PostgresReader } from './postgres-reader.ts'
import { repeating } from './repeating.ts'
import { nameOfStatement } from './statement-names.ts'

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

const INT8 = pg.types.builtins.INT8

const numbers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    // Number: one that no double holds exactly comes back as the nearest, so that a row with it keeps nobody from the others.
    return oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format)
  },
}

/**
 * A pool of connections to PostgreSQL; connects when first used. 64-bit integers come back as numbers. Throws an Error
 * when the URL cannot be read, without repeating it.
 */
export function openPostgres(url: Secret, options: PostgresOptions = {}): Database {
  if (!URL.canParse(url.reveal()))
    throw new Error('The database URL cannot be read; write postgres://user:password@host:port/database')
  const { statementWithin = seconds(15), answerAfter = seconds(2) } = options
  const readWithin = Math.min(statementWithin, READ_WITHIN)
  const connection: pg.ClientConfig = {
    connectionString: url.reveal(),
    application_name: 'doorward',
    connectionTimeoutMillis: options.connectWithin ?? seconds(5),
    statement_timeout: statementWithin,
    idle_in_transaction_session_timeout: minutes(1),
    types: numbers,
  }
  const reader = new PostgresReader(
    { ...connection, statement_timeout: readWithin },
    { answerWithin: readWithin + answerAfter },
  )
  const max = Math.max(1, (options.connections ?? 10) - READERS)
  const pool = new pg.Pool({ ...connection, max, idleTimeoutMillis: minutes(1) })
  // A connection that dies while idle has left the pool already; without a listener it would end the process.
  pool.on('error', () => undefined)
  const { onStatement } = options
  const end = async (): Promise<void> => {
    await reader.end()
    await pool.end()
  }
  const statements = withNamedStatements(pool, { end, onStatement, answerWithin: statementWithin + answerAfter })
  const db = new Kysely<Schema>({ dialect: new DoorwardPostgresDialect(statements) })
  offerDirect(db, {
    read: (text, values) => {
      onStatement?.(text)
      return reader.read(statementOf(text, values))
    },
  })
  return db
}

/** Host, port and name of the database, those that the URL leaves out as the driver takes them. Connects to nothing. */
export function postgresAddress(url: Secret): string {
  const { host, port, database = '' } = new pg.Client({ connectionString: url.reveal() })
  return `postgres://${host.toLowerCase()}:${port}/${database}`
}

/** Under its name, where it has one: PostgreSQL then parses and plans it once per connection. */
function statementOf(text: string, values: readonly unknown[]): pg.QueryConfig {
  const name = nameOfStatement(text)
  const unnamed = { text, values: values as unknown[] }
  return name === undefined ? unnamed : { name, ...unnamed }
}

/** Runs statements that have a name as prepared ones. */
function withNamedStatements(
  pool: pg.Pool,
  { end, ...watching }: Watching & { end: () => Promise<void> },
): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end,
    async connect() {
      const client = await pool.connect()
      const wrapped = known.get(client) ?? wrapClient(client, watching)
      known.set(client, wrapped)
      return wrapped
    },
  }
}

interface Watching {
  readonly onStatement: PostgresOptions['onStatement']
  readonly answerWithin: Duration
}

function wrapClient(client: pg.PoolClient, { onStatement, answerWithin }: Watching): PostgresPoolClient {
  // The pool listens only while a connection is idle; one cut between two statements of a transaction would end the process.
  client.on('error', () => undefined)
  const deadline = new AnswerDeadline(answerWithin, () => client.connection.stream.destroy())
  const query = (text: string, parameters: readonly unknown[]) => {
    onStatement?.(text)
    const once = () => deadline.of(client.query(statementOf(text, parameters)))
    // Outside a transaction a statement runs at the server's default isolation, where it may have to be run again.
    return client.getTransactionStatus() === 'T' ? once() : repeating(once)
  }
  // Kysely also asks for cursors, but only of those who give it a cursor class.
  return { query: query as unknown as PostgresPoolClient['query'], release: (discard) => client.release(discard) }
}
