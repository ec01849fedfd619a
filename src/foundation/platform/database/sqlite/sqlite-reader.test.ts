import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { suite, test, type TestContext } from 'node:test'
import type { Worker } from 'node:worker_threads'

import { newDatabase } from '#test/support/databases/each-database.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { migrate } from '../migrate.ts'
import { type ReaderOptions, SqliteReader } from './sqlite-reader.ts'

async function readerOf(t: TestContext, options: Partial<ReaderOptions> = {}) {
  const file = join(await temporaryFolder(t), 'doorward.db')
  const db = new DatabaseSync(file)
  db.exec(`pragma journal_mode = wal; create table thing (id integer, name text, bytes blob)`)
  db.exec(`insert into thing values (1, 'one', x'00ff'), (9223372036854775807, null, null)`)
  const reader = new SqliteReader({ file, busyTimeout: 100, cache: 1024, small: 0, ...options })
  t.after(() => db.close())
  t.after(() => reader.close())
  return { db, file, reader }
}

suite('the thread that reads SQLite', () => {
  test('returns rows as a read without it does, also externally inserted values', async (t) => {
    const { reader } = await readerOf(t)
    const { rows } = await reader.read('select * from thing order by id = ? desc', [1])
    assert.deepEqual(rows, [
      { id: 1, name: 'one', bytes: new Uint8Array([0, 255]) },
      { id: 2 ** 63, name: null, bytes: null },
    ])
  })

  test('returns all rows that were committed before, with a column that was added', async (t) => {
    const { db, reader } = await readerOf(t)
    const all = async () => (await reader.read('select * from thing where id = 2', [])).rows
    assert.deepEqual(await all(), [])
    db.exec(`insert into thing values (2, 'two', null); alter table thing add column more text default 'more'`)
    assert.deepEqual(await all(), [{ id: 2, name: 'two', bytes: null, more: 'more' }])
  })

  test('answers in the order of the reads, and an error rejects its own read only', async (t) => {
    const { reader } = await readerOf(t)
    const reads = ['select 1 as n', 'select n', 'select 3 as n'].map((text) => reader.read<{ n: number }>(text, []))
    const [first, second, third] = await Promise.allSettled(reads)
    assert.deepEqual(first?.status === 'fulfilled' && first.value.rows, [{ n: 1 }])
    assert.match(second?.status === 'rejected' ? String(second.reason) : '', /no such column: n/)
    assert.deepEqual(third?.status === 'fulfilled' && third.value.rows, [{ n: 3 }])
  })

  test('cannot write', async (t) => {
    const { reader } = await readerOf(t)
    await assert.rejects(reader.read('delete from thing returning id', []), /readonly database/)
  })

  test('is needed for a large file only', async (t) => {
    const { reader } = await readerOf(t, { small: 1_000_000 })
    assert.equal(reader.isNeeded, false)
    const { reader: other } = await readerOf(t, { small: 1 })
    assert.equal(other.isNeeded, true)
  })

  test('is started by a read of a large file, and not by a migration that has nothing to do', async (t) => {
    const { db } = await newDatabase(t, 'sqlite')
    await sql`create table filled as select zeroblob(17000000) as bytes`.execute(db)
    let started = 0
    const count = () => (started += 1)
    process.on('worker', count)
    t.after(() => process.off('worker', count))
    await migrate(db, { now: 0 })
    assert.equal(started, 0)
    await db.selectFrom('users').select('id').execute()
    assert.equal(started, 1)
  })

  test('ends when it was idle for long, and the next read starts another one', async (t) => {
    const started = Promise.withResolvers<Worker>()
    process.once('worker', started.resolve)
    const { reader } = await readerOf(t, { endAfter: 1 })
    const read = async () => (await reader.read('select count(*) as n from thing', [])).rows
    assert.deepEqual(await read(), [{ n: 2 }])
    const worker = await started.promise
    // An idle thread does not keep the process alive, so this test does.
    worker.ref()
    await once(worker, 'exit')
    assert.deepEqual(await Promise.all([read(), read()]), [[{ n: 2 }], [{ n: 2 }]])
  })

  test('answers a read of a page while a long read runs in the thread for long reads', async (t) => {
    const { db } = await newDatabase(t, 'sqlite')
    await sql`create table filled as select zeroblob(17000000) as bytes`.execute(db)
    const ended: string[] = []
    const long = sql`select count(*) from (
      with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000000) select i from n)`
    const [first, second] = [long.execute(db.forLongReads), long.execute(db.forLongReads)]
    const noted = Promise.all([first, second].map(async (read) => (await read, ended.push('long'))))
    await db.selectFrom('users').select('id').execute()
    ended.push('page')
    await noted
    // In one thread the page would be the last.
    assert.equal(ended.at(-1), 'long')
  })

  test('runs nothing but single reads for those that may take long', async (t) => {
    const { db } = await newDatabase(t, 'sqlite')
    const { forLongReads } = db
    await assert.rejects(forLongReads.deleteFrom('users').execute(), /^Error: Only reads run in the thread/)
    await assert.rejects(
      forLongReads.transact(async () => undefined),
      /^Error: No transaction runs in the thread/,
    )
    await db.transact(async (trx) => {
      await trx.insertInto('users').values({ username: 'new', disabled: 0 }).execute()
      assert.equal((await trx.forLongReads.selectFrom('users').select('id').execute()).length, 1)
    })
  })

  test('lets the event loop run during a long read of a database larger than 16 MiB', async (t) => {
    const { db } = await newDatabase(t, 'sqlite')
    await sql`create table filled as select zeroblob(17000000) as bytes`.execute(db)
    let turns = 0
    const counting = setInterval(() => (turns += 1), 1)
    await sql`select count(*) from (
      with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000000) select i from n)`.execute(db)
    clearInterval(counting)
    // Without the thread, the statement would block the event loop until its end.
    assert.ok(turns > 10, `${turns} turns`)
  })
})
