// What a pooler without statement tracking does to prepared statements: here `deallocate all` does it to the real ones.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sql } from 'kysely'

import { newPostgresDatabase } from '../../../../../test/support/databases/temporary.ts'
import { newDatabase } from '../../../../../test/support/databases/each-database.ts'
import { Secret } from '../../../kernel/secret.ts'
import { preparedQuery } from '../prepared-query.ts'
import { PostgresHosts } from './postgres-hosts.ts'
import { PostgresReader } from './postgres-reader.ts'
import { PostgresStatements } from './postgres-statements.ts'
import { openPostgres } from './postgres.ts'
import type { Database } from '../schema.ts'
import { runInTransaction } from '../transaction.ts'

const add = preparedQuery((db: Database, key: string) =>
  db.insertInto('throttle_bucket').values({ key, failures: 0, last_failure_at: 0, blocked_until: 0 }),
)

/** With one connection besides that of hot reads, on which everything happens. */
async function narrow(url: string): Promise<Database> {
  return openPostgres(Secret.of(url), { connections: 2 })
}

async function preparedNow(db: Database): Promise<number> {
  return (await sql`select name from pg_prepared_statements`.execute(db)).rows.length
}

test('a transaction that meets a lost prepared statement runs again, and from then on none has a name', async (t) => {
  const db = await narrow((await newDatabase(t, 'postgres')).url)
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

test('a single statement that meets a lost prepared statement runs again', async (t) => {
  const db = await narrow((await newDatabase(t, 'postgres')).url)
  t.after(() => db.destroy())
  await add(db, 'a')
  await sql`deallocate all`.execute(db)
  await add(db, 'b')
  assert.equal(await preparedNow(db), 0)
})

test('reads sent together that meet a lost prepared statement are all answered', async (t) => {
  const hosts = new PostgresHosts([await newPostgresDatabase(t)])
  const prepared = new PostgresStatements(() => undefined)
  const reader = new PostgresReader({ hosts, connection: {}, prepared, readWithin: 60_000, answerAfter: 60_000 })
  t.after(() => reader.end())
  const echo = (n: number) => reader.read({ sql: 'select $1::int as n', statementName: 'echo' }, [n])
  await echo(1)
  await reader.read({ sql: 'deallocate all' })
  assert.deepEqual(await Promise.all([echo(2), echo(3), echo(4)]), [[{ n: 2 }], [{ n: 3 }], [{ n: 4 }]])
})

test('a database that is reached directly keeps prepared statements', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  assert.equal(await db.keepsStatements(), true)
})

test('more who ask at once than there are connections are all answered, and so is who asks where there is one', async (t) => {
  const { db, url } = await newDatabase(t, 'postgres')
  const asked = Array.from({ length: 20 }, () => db.keepsStatements())
  assert.deepEqual(new Set(await Promise.all(asked)), new Set([true]))
  const one = await narrow(url)
  t.after(() => one.destroy())
  assert.equal(await one.keepsStatements(), true)
})
