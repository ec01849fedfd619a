// The loss of prepared statements behind a pooler without statement tracking, caused here by `deallocate all`.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { newDatabase } from '#test/support/databases/each-database.ts'
import { newPostgresDatabase } from '#test/support/databases/temporary.ts'
import type { Database } from '../database.ts'
import { preparedQuery } from '../prepared-query.ts'
import { runInTransaction } from '../transaction.ts'
import { PostgresHosts } from './postgres-hosts.ts'
import { PostgresReader } from './postgres-reader.ts'
import { PostgresStatements } from './postgres-statements.ts'
import { openPostgres } from './postgres.ts'

const add = preparedQuery((db: Database, key: string) =>
  db.insertInto('throttle_bucket').values({ key, failures: 0, last_failure_at: 0, blocked_until: 0 }),
)

/** A database with one connection besides that of prepared reads, so that all statements use the same one. */
async function openSingleConnection(url: string): Promise<Database> {
  return openPostgres(Secret.of(url), { connections: 2 })
}

async function preparedNow(db: Database): Promise<number> {
  return (await sql`select name from pg_prepared_statements`.execute(db)).rows.length
}

test('a transaction with a lost prepared statement runs again, and later statements have no name', async (t) => {
  const db = await openSingleConnection((await newDatabase(t, 'postgres')).url)
  t.after(() => db.destroy())
  await add(db, 'a')
  assert.equal(await preparedNow(db), 1)
  await sql`deallocate all`.execute(db)
  await runInTransaction(db, (trx) => add(trx, 'b'))
  await add(db, 'c')
  assert.equal(await preparedNow(db), 0)
  const rows = await db.selectFrom('throttle_bucket').select('key').orderBy('key').execute()
  assert.deepEqual(
    rows.map(({ key }) => key),
    ['a', 'b', 'c'],
  )
})

test('a single prepared statement that was lost runs again', async (t) => {
  const db = await openSingleConnection((await newDatabase(t, 'postgres')).url)
  t.after(() => db.destroy())
  await add(db, 'a')
  await sql`deallocate all`.execute(db)
  await add(db, 'b')
  assert.equal(await preparedNow(db), 0)
})

test('concurrent reads with a lost prepared statement are all answered', async (t) => {
  const hosts = new PostgresHosts([await newPostgresDatabase(t)])
  const prepared = new PostgresStatements(() => undefined)
  const reader = new PostgresReader({ hosts, connection: {}, prepared, readWithin: 60_000, answerAfter: 60_000 })
  t.after(() => reader.end())
  const echo = (n: number) => reader.read({ sql: 'select $1::int as n', statementName: 'echo' }, [n])
  await echo(1)
  await reader.read({ sql: 'deallocate all' })
  assert.deepEqual(await Promise.all([echo(2), echo(3), echo(4)]), [[{ n: 2 }], [{ n: 3 }], [{ n: 4 }]])
})

test('a database without a pooler keeps prepared statements', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  assert.equal(await db.keepsStatements(), true)
})

test('more concurrent probes than connections are all answered, also with a single connection', async (t) => {
  const { db, url } = await newDatabase(t, 'postgres')
  const asked = Array.from({ length: 20 }, () => db.keepsStatements())
  assert.deepEqual(new Set(await Promise.all(asked)), new Set([true]))
  const one = await openSingleConnection(url)
  t.after(() => one.destroy())
  assert.equal(await one.keepsStatements(), true)
})
