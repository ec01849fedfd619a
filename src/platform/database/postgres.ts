import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely'
import pg from 'pg'

import type { Secret } from '../../kernel/secret.ts'
import { type Duration, minutes, seconds } from '../../kernel/time.ts'
import type { Database, Schema } from './schema.ts'
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

const INT8 = pg.types.builtins.INT8

const numbers = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return oid === INT8 && format !== 'binary' ? safeInteger : pg.types.getTypeParser(oid, format)
  },
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new RangeError('A whole number in the database is too large to be read exactly')
  return value
}

/**
 * A pool of connections to PostgreSQL; connects when first used. 64-bit integers come back as numbers. Throws an Error
 * when the URL cannot be read, without repeating it.
 */
export function openPostgres(url: Secret, options: PostgresOptions = {}): Database {
  if (!URL.canParse(url.reveal()))
    throw new Error('The database URL cannot be read; write postgres://user:password@host:port/database')
  const pool = new pg.Pool({
    connectionString: url.reveal(),
    application_name: 'doorward',
    max: options.connections ?? 10,
    connectionTimeoutMillis: options.connectWithin ?? seconds(5),
    statement_timeout: options.statementWithin ?? seconds(15),
    idle_in_transaction_session_timeout: minutes(1),
    idleTimeoutMillis: minutes(1),
    types: numbers,
  })
  // A connection that dies while idle has left the pool already; without a listener it would end the process.
  pool.on('error', () => undefined)
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: withNamedStatements(pool, options.onStatement) }) })
}

/** Runs statements that have a name as prepared ones: PostgreSQL then parses and plans them once per connection. */
function withNamedStatements(pool: pg.Pool, onStatement: PostgresOptions['onStatement']): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
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
    const name = nameOfStatement(text)
    return client.query({ ...(name !== undefined && { name }), text, values: [...parameters] })
  }
  // Kysely also asks for cursors, but only of those who give it a cursor class.
  return { query: query as unknown as PostgresPoolClient['query'], release: (discard) => client.release(discard) }
}
