import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { newDatabase, newDatabaseUrl, onEachDatabase, openFor } from '#test/support/databases/each-database.ts'
import { type Database, withEngine } from './database.ts'
import { migrate } from './migrate.ts'
import { preparedQuery } from './prepared-query.ts'
import { runInTransaction } from './transaction.ts'

async function insertThree(db: Database): Promise<void> {
  for (const username of ['ada', 'bob', 'cy']) await db.insertInto('users').values({ username, disabled: 0 }).execute()
}

const userNamed = preparedQuery((on, name: string) =>
  on.selectFrom('users').select('username').where('username', '=', name),
)

const rename = preparedQuery((on, id: number, name: string) =>
  on.updateTable('users').set({ username: name }).where('id', '=', id).returning('username'),
)

onEachDatabase('a prepared query returns the rows of the parameters of each call', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertThree(db)
  const named = preparedQuery((on, username: string, least: number) =>
    on
      .selectFrom('users')
      .select(['id', 'username'])
      .where('id', '>=', least)
      .where('role', '=', 'user')
      .where('username', '=', username),
  )
  const calls = ['ada', 'cy', 'ada', 'bob', 'none'].map((name) => named(db, name, 1))
  const found = await Promise.all(calls)
  const usernames = found.map((rows) => rows.map(({ username }) => username))
  assert.deepEqual(usernames, [['ada'], ['cy'], ['ada'], ['bob'], []])
  assert.deepEqual(await named(db, 'ada', 2), [])
})

onEachDatabase('a parameter that is used twice has its value in both positions', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertThree(db)
  const either = preparedQuery((on, name: string) =>
    on
      .selectFrom('users')
      .select('username')
      .where((is) => is.or([is('username', '=', name), is('full_name', '=', name)])),
  )
  assert.deepEqual(await either(db, 'bob'), [{ username: 'bob' }])
})

onEachDatabase('a prepared query inside a transaction belongs to it', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await runInTransaction(db, async (trx) => {
    await trx.insertInto('users').values({ username: 'ada', disabled: 0 }).execute()
    assert.equal((await userNamed(trx, 'ada')).length, 1)
    assert.equal((await userNamed(db, 'ada')).length, 0)
  })
})

onEachDatabase(
  'a prepared query on a transaction that has ended is refused and changes nothing',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    await insertThree(db)
    const ended = await runInTransaction(db, async (trx) => trx)
    await assert.rejects(rename(ended, 1, 'late'), /already committed/)
    await runInTransaction(db, () => assert.rejects(rename(ended, 1, 'late'), /already committed/))
    assert.deepEqual(await userNamed(db, 'late'), [])
  },
)

onEachDatabase('a prepared query that writes returns its rows', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertThree(db)
  assert.deepEqual(await rename(db, 2, 'bert'), [{ username: 'bert' }])
})

onEachDatabase('the first call throws if a parameter is not used or is computed with', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  const lost = preparedQuery((on, _name: string) => on.selectFrom('users').select('id'))
  await assert.rejects(lost(db, 'ada'), /not in its SQL/)
  const computed = preparedQuery((on, at: number) =>
    on
      .selectFrom('users')
      .select('id')
      .where('created_at', '<', at - 1),
  )
  await assert.rejects(computed(db, 5), /passed on as it is/)
})

test('the same prepared query runs on both databases', async (t) => {
  const all = preparedQuery((on, least: number) =>
    on.selectFrom('users').select('username').where('id', '>=', least).orderBy('id'),
  )
  for (const dialect of ['sqlite', 'postgres', 'sqlite'] as const) {
    const { db } = await newDatabase(t, dialect)
    await insertThree(db)
    assert.equal((await all(db, 1)).length, 3)
  }
})

test('a prepared query waits while another process has locked the SQLite file, and is then answered', async (t) => {
  const url = await newDatabaseUrl(t, 'sqlite')
  // Without a write-ahead log readers wait for the writer.
  const other = new DatabaseSync(url.slice('sqlite:'.length))
  t.after(() => other.close())
  other.exec("create table users (id, username); insert into users values (1, 'ada')")
  const db = await openFor(t, url)
  const named = preparedQuery((on, name: string) => on.selectFrom('users').select('id').where('username', '=', name))
  other.exec('begin exclusive; update users set id = 2')
  const rows = Promise.all([named(db, 'ada'), named(db, 'bob')])
  await nextTurn()
  other.exec('commit')
  assert.deepEqual(await rows, [[{ id: 2 }], []])
})

test('PostgreSQL keeps the statement of a prepared query under a name', async (t) => {
  const db = await openFor(t, await newDatabaseUrl(t, 'postgres'))
  await migrate(db, { now: 0 })
  const named = preparedQuery((on, name: string) => on.selectFrom('users').select('id').where('username', '=', name))
  await db.connection().execute(async (connection) => {
    const one = withEngine(connection, db)
    await named(one, 'ada')
    await named(one, 'bob')
    const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(one)
    assert.deepEqual(rows, [{ statement: 'select "id" from "users" where "username" = $1' }])
  })
})
