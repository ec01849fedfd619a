import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { newDatabase, onEachDatabase, openFor } from '#test/support/databases/each-database.ts'
import type { Database, Transaction } from './database.ts'
import { lockFor } from './lock.ts'
import { runInTransaction } from './transaction.ts'

const bucket = (key: string) => ({ key, failures: 0, last_failure_at: 0, blocked_until: 0 })

onEachDatabase('a transaction inside another one joins it', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  const outcome = runInTransaction(db, async (outer) => {
    await runInTransaction(outer, async (inner) => {
      assert.equal(inner, outer)
      await inner.insertInto('throttle_bucket').values(bucket('a')).execute()
    })
    throw new Error('taken back')
  })
  await assert.rejects(outcome, /taken back/)
  assert.deepEqual(await db.selectFrom('throttle_bucket').select('key').execute(), [])
})

onEachDatabase('twenty transactions that read and then write under a lock lose no update', async (t, dialect) => {
  const { db, url } = await newDatabase(t, dialect)
  const other = await openFor(t, url)
  await db.insertInto('throttle_bucket').values(bucket('a')).execute()
  await Promise.all(Array.from({ length: 20 }, (_, index) => raise(index % 2 === 0 ? db : other)))
  const { failures } = await db.selectFrom('throttle_bucket').select('failures').executeTakeFirstOrThrow()
  assert.equal(failures, 20)
})

async function raise(db: Database): Promise<void> {
  await runInTransaction(db, async (trx) => {
    await lockFor(trx, 'admins')
    const { failures } = await trx.selectFrom('throttle_bucket').select('failures').executeTakeFirstOrThrow()
    const raised = { failures: failures + 1 }
    await trx.updateTable('throttle_bucket').set(raised).execute()
  })
}

onEachDatabase(
  'onStatement is called with every statement, including begin and commit, and with no value',
  async (t, dialect) => {
    const { url } = await newDatabase(t, dialect)
    const heard: string[] = []
    const db = await openFor(t, url, { onStatement: (text) => void heard.push(text) })
    heard.length = 0
    await runInTransaction(db, (trx) => trx.insertInto('throttle_bucket').values(bucket('confidential')).execute())
    await db.selectFrom('throttle_bucket').select('failures').execute()
    assert.deepEqual(
      heard.map((text) => text.split(' ')[0]),
      ['begin', 'insert', 'commit', 'select'],
    )
    assert.ok(heard.every((text) => !text.includes('confidential')))
  },
)

onEachDatabase('a lock cannot be taken outside a transaction, where it would exclude nothing', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  // The type forbids it; another program that is written in JavaScript, or a cast, does not.
  await assert.rejects(lockFor(db as Transaction, 'seal'), /only inside a transaction/)
})

test('a lock waits for a program of the previous version, which locks no row', async (t) => {
  const { db, url } = await newDatabase(t, 'postgres')
  const other = await openFor(t, url)
  const order: string[] = []
  const [family, admins] = [0x446f6f72, 1]
  let waiting: Promise<unknown> = Promise.resolve()
  await runInTransaction(db, async (trx) => {
    await sql`select pg_advisory_xact_lock(${family}::int, ${admins}::int)`.execute(trx)
    waiting = runInTransaction(other, async (second) => {
      await lockFor(second, 'admins')
      order.push('second')
    })
    while (order.length === 0 && !(await isAnyoneBlocked(db)));
    order.push('first')
  })
  await waiting
  assert.deepEqual(order, ['first', 'second'])
})

async function isAnyoneBlocked(db: Database): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length > 0
}

/** Work that fails on PostgreSQL with this SQLSTATE in its first runs. */
async function failing(t: TestContext, code: string, failures = Infinity) {
  const { db } = await newDatabase(t, 'postgres')
  let runs = 0
  const outcome = runInTransaction(db, async (trx) => {
    runs++
    if (runs > failures) return
    await sql.raw(`do $$ begin raise exception 'made to fail' using errcode = '${code}'; end $$`).execute(trx)
  })
  return { outcome, runs: () => runs }
}

test('after a serialization failure of PostgreSQL the work runs again', async (t) => {
  const { outcome, runs } = await failing(t, '40001', 2)
  await outcome
  assert.equal(runs(), 3)
})

test('a repeated deadlock of PostgreSQL ends after five runs as "busy"', async (t) => {
  const { outcome, runs } = await failing(t, '40P01')
  await assert.rejects(outcome, { code: 'service.busy' })
  assert.equal(runs(), 5)
})

test('after any other error of PostgreSQL the work does not run again', async (t) => {
  const { outcome, runs } = await failing(t, '22012')
  await assert.rejects(outcome, { code: '22012' })
  assert.equal(runs(), 1)
})

test('two transactions of PostgreSQL that deadlock both succeed', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  const both = [bucket('a'), bucket('b')]
  await db.insertInto('throttle_bucket').values(both).execute()
  const bothStarted = Promise.withResolvers<void>()
  let arrived = 0
  const raiseBoth = (first: string, second: string) =>
    runInTransaction(db, async (trx) => {
      await raiseOne(trx, first)
      arrived++
      if (arrived === 2) bothStarted.resolve()
      await bothStarted.promise
      await raiseOne(trx, second)
    })
  await Promise.all([raiseBoth('a', 'b'), raiseBoth('b', 'a')])
  const rows = await db.selectFrom('throttle_bucket').select('failures').execute()
  assert.deepEqual(rows, [{ failures: 2 }, { failures: 2 }])
})

async function raiseOne(trx: Database, key: string): Promise<void> {
  await trx
    .updateTable('throttle_bucket')
    .set((column) => ({ failures: column('failures', '+', 1) }))
    .where('key', '=', key)
    .execute()
}
