import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { openFor } from '#test/support/databases/each-database.ts'
import { newPostgresDatabase } from '#test/support/databases/temporary.ts'
import type { Database } from '../database.ts'
import { asRefusal } from '../errors.ts'
import { PostgresHosts } from './postgres-hosts.ts'
import { PostgresReader } from './postgres-reader.ts'
import { PostgresStatements } from './postgres-statements.ts'

/** A reader with time limits that no test reaches, and another connection to the same database. */
async function scene(t: TestContext): Promise<{ reader: PostgresReader; db: Database }> {
  const url = await newPostgresDatabase(t)
  const hosts = new PostgresHosts([url])
  const prepared = new PostgresStatements((error) => hosts.note(error))
  const connection = { application_name: 'reader' }
  const reader = new PostgresReader({ hosts, connection, prepared, readWithin: 60_000, answerAfter: 60_000 })
  t.after(() => reader.end())
  return { reader, db: await openFor(t, url) }
}

const unavailable = (error: unknown): boolean =>
  (error instanceof Refusal ? error : asRefusal(error))?.code === 'service.unavailable'

/** The number of connections for reading. */
async function connectionsOf({ db }: { db: Database }): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_stat_activity
    where application_name = 'reader' and datname = current_database()`.execute(db)
  return rows[0]?.n ?? assert.fail('no answer')
}

async function cut({ db }: { db: Database }): Promise<void> {
  await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where application_name = 'reader' and datname = current_database()`.execute(db)
}

const ECHO = { sql: 'select $1::int as n', statementName: 'echo' }
const COUNTER = { sql: 'select n from counter', statementName: 'counter' }

test('many reads at once share one connection, and each gets its own rows', async (t) => {
  const main = await scene(t)
  const numbers = Array.from({ length: 200 }, (_, number) => number)
  const answers = await Promise.all(numbers.map((number) => main.reader.read(ECHO, [number])))
  const wanted = numbers.map((n) => [{ n }])
  assert.deepEqual(answers, wanted)
  assert.equal(await connectionsOf(main), 1)
})

test('a read that fails does not affect the others', async (t) => {
  const { reader } = await scene(t)
  const before = reader.read({ sql: 'select 1 as n' })
  const failed = assert.rejects(reader.read({ sql: 'select 1 / $1::int as n' }, [0]))
  const after = reader.read({ sql: 'select 2 as n' })
  assert.deepEqual(await Promise.all([before, failed, after]), [[{ n: 1 }], undefined, [{ n: 2 }]])
})

test('a read sees every commit of other connections before it was sent', async (t) => {
  const { reader, db } = await scene(t)
  await sql`create table counter (n int)`.execute(db)
  await sql`insert into counter values (0)`.execute(db)
  for (let n = 1; n <= 20; n++) {
    await sql`update counter set n = ${n}`.execute(db)
    assert.deepEqual(await reader.read(COUNTER), [{ n }])
  }
})

test('a connection that was terminated while idle is replaced', async (t) => {
  const main = await scene(t)
  await main.reader.read({ sql: 'select 1 as n' })
  await cut(main)
  assert.equal(await connectionsOf(main), 0)
  // The notice of it may not have arrived yet, so that one read may fail, and none after that.
  await main.reader.read({ sql: 'select 1 as n' }).catch((error: unknown) => assert.ok(unavailable(error)))
  assert.deepEqual(await main.reader.read({ sql: 'select 2 as n' }), [{ n: 2 }])
})

test('pending reads are rejected when the connection is terminated, and the next one connects again', async (t) => {
  const main = await scene(t)
  const slow = [1, 2].map(() => main.reader.read({ sql: 'select pg_sleep(60)' }))
  const ends = Promise.allSettled(slow)
  while ((await connectionsOf(main)) === 0);
  await cut(main)
  for (const end of await ends) assert.ok(end.status === 'rejected' && unavailable(end.reason))
  assert.deepEqual(await main.reader.read({ sql: 'select 3 as n' }), [{ n: 3 }])
})

test('closing waits for the pending reads and rejects later ones', async (t) => {
  const { reader } = await scene(t)
  await reader.read({ sql: 'select 1' })
  const last = reader.read({ sql: 'select 4 as n' })
  await reader.end()
  assert.deepEqual(await last, [{ n: 4 }])
  await assert.rejects(reader.read({ sql: 'select 5' }), unavailable)
})
