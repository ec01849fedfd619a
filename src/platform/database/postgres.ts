import { Kysely, PostgresDialect } from 'kysely'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import pg from 'pg'

import type { Secret } from '../../kernel/secret.ts'
import { minutes, seconds } from '../../kernel/time.ts'
import type { Duration } from '../../kernel/time.ts'
import { offerDirect } from './direct.ts'
import type { Database, Schema } from './schema.ts'
import { PostgresReader } from './postgres-reader.ts'
import { nameOfStatement } from './statement-names.ts'

export interface PostgresOptions {
  readonly onStatement?: (text: string) => void
  /** Connections held at most by this process. */
  readonly connections?: number
  /** How long a request waits for a connection. */
  readonly connectWithin?: Duration
  /** How long one statement may run. */
  readonly statementWithin?: Duration
}

/** Of the connections, those that only carry hot reads. */
const READERS = 1

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
  const connection: pg.ClientConfig = {
    connectionString: url.reveal(),
    application_name: 'doorward',
    connectionTimeoutMillis: options.connectWithin ?? seconds(5),
    statement_timeout: options.statementWithin ?? seconds(15),
    idle_in_transaction_session_timeout: minutes(1),
    types: numbers,
  }
  const reader = new PostgresReader(connection)
  const max = Math.max(1, (options.connections ?? 10) - READERS)
  const pool = new pg.Pool({ ...connection, max, idleTimeoutMillis: minutes(1) })
  // A connection that dies while idle has left the pool already; without a listener it would end the process.
  pool.on('error', () => undefined)
  const { onStatement } = options
  const end = async (): Promise<void> => {
    await reader.end()
    await pool.end()
  }
  const statements = withNamedStatements(pool, { end, onStatement })
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: statements }) })
  offerDirect(db, {
    read: (text, values) => {
      onStatement?.(text)
      return reader.read(statementOf(text, values))
    },
  })
  return db
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
  { end, onStatement }: { end: () => Promise<void>; onStatement: PostgresOptions['onStatement'] },
): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end,
    async connect() {
      const client = await pool.connect()
      const wrapped = known.get(client) ?? wrapClient(client, onStatement)
      known.set(client, wrapped)
      return wrapped
    },
  }
}

function wrapClient(client: pg.PoolClient, onStatement: PostgresOptions['onStatement']): PostgresPoolClient {
  // The pool listens only while a connection is idle; one cut between two statements of a transaction would end the process.
  client.on('error', () => undefined)
  const query = (text: string, parameters: readonly unknown[]) => {
    onStatement?.(text)
    return client.query(statementOf(text, parameters))
  }
  // Kysely also asks for cursors, but only of those who give it a cursor class.
  return { query: query as unknown as PostgresPoolClient['query'], release: (discard) => client.release(discard) }
}
