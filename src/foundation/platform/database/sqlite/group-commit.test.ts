import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { newDatabaseUrl, openFor } from '#test/support/databases/each-database.ts'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'
import { runInTransaction } from '../transaction.ts'

interface Opened {
  readonly db: Database
  /** The first word of each statement, and the entries of the test between them. */
  readonly statements: string[]
  readonly url: string
}

async function openWith(t: TestContext, shouldBatch = () => true): Promise<Opened> {
  const url = await newDatabaseUrl(t, 'sqlite')
  const statements: string[] = []
  const onStatement = (text: string) => void statements.push(/^[a-z]+/i.exec(text)?.[0] ?? text)
  const db = await openFor(t, url, { shouldBatch, onStatement })
  await migrate(db, { now: 0 })
  await sql`create table child (parent text references throttle_bucket (key))`.execute(db)
  statements.length = 0
  return { db, statements, url }
}

/** How long a transaction waits for others to share its commit. */
const LINGER = 20

function add(db: Database, key: string): Promise<unknown> {
  return db.insertInto('throttle_bucket').values({ key, failures: 0, last_failure_at: 0, blocked_until: 0 }).execute()
}

async function keysIn(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('throttle_bucket').select('key').orderBy('key').execute()
  return rows.map(({ key }) => key)
}

/** Adds a row in a transaction of its own, and records its acknowledgement. */
async function addAlone({ db, statements }: Opened, key: string): Promise<void> {
  await runInTransaction(db, (trx) => add(trx, key))
  statements.push('acknowledged')
}

/**
 * Begins a transaction that adds `a` and one that adds `b`, which stays open, so that others queue behind it. Returns a function that
 * ends it, and waits until both are acknowledged.
 */
async function startGroup(opened: Opened): Promise<() => Promise<void>> {
  const [begun, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const first = addAlone(opened, 'a')
  const second = runInTransaction(opened.db, async (trx) => {
    await add(trx, 'b')
    begun.resolve()
    await finished.promise
  })
  await begun.promise
  return async () => {
    finished.resolve()
    await Promise.all([first, second])
  }
}

const commitsIn = ({ statements }: Opened) => statements.filter((word) => word === 'commit').length

/** A transaction that SQLite rolls back by itself, as when the disk is full. */
function rollBack({ db }: Opened): Promise<void> {
  return runInTransaction(db, async (trx) => void (await sql`rollback`.execute(trx)))
}

test('batched transactions share one commit, and none is acknowledged before it', async (t) => {
  const opened = await openWith(t)
  await Promise.all(['a', 'b', 'c'].map((key) => addAlone(opened, key)))
  const others = ['savepoint', 'insert', 'release', 'savepoint', 'insert', 'release']
  assert.deepEqual(opened.statements, ['begin', 'insert', ...others, 'commit', ...Array(3).fill('acknowledged')])
  assert.deepEqual(await keysIn(await openFor(t, opened.url)), ['a', 'b', 'c'])
})

test('without batching each transaction has a commit of its own', async (t) => {
  const opened = await openWith(t, () => false)
  await Promise.all(['a', 'b'].map((key) => addAlone(opened, key)))
  assert.deepEqual(
    opened.statements.filter((word) => word !== 'acknowledged'),
    ['begin', 'insert', 'commit', 'begin', 'insert', 'commit'],
  )
})

test('when batching is no longer wanted, the next transaction that ends commits the group', async (t) => {
  let shouldBatch = true
  const opened = await openWith(t, () => shouldBatch)
  const finish = await startGroup(opened)
  shouldBatch = false
  await finish()
  assert.equal(commitsIn(opened), 1)
})

test('a transaction that fails rolls back its own savepoint only', async (t) => {
  const opened = await openWith(t)
  const failing = (): Promise<void> =>
    runInTransaction(opened.db, async (trx) => {
      await add(trx, 'b')
      throw new Error('rolled back')
    })
  await Promise.all([addAlone(opened, 'a'), assert.rejects(failing(), /rolled back/), addAlone(opened, 'c')])
  assert.equal(commitsIn(opened), 1)
  assert.deepEqual(await keysIn(opened.db), ['a', 'c'])
})

test('a single statement shares the commit, and one that fails undoes nothing else', async (t) => {
  const opened = await openWith(t)
  const { statements, db } = opened
  const finish = await startGroup(opened)
  const single = add(db, 'c').then(() => statements.push('acknowledged'))
  const failing = assert.rejects(add(db, 'c'))
  await Promise.all([finish(), single, failing])
  const commit = statements.indexOf('commit')
  assert.ok(commit > 0 && commit === statements.lastIndexOf('commit') && commit < statements.indexOf('acknowledged'))
  assert.deepEqual(await keysIn(db), ['a', 'b', 'c'])
})

test('a read sees no write of a group before its commit', async (t) => {
  const opened = await openWith(t)
  const finish = await startGroup(opened)
  assert.deepEqual(await keysIn(opened.db), [])
  assert.equal(opened.statements.includes('acknowledged'), false)
  await finish()
  assert.deepEqual(await keysIn(opened.db), ['a', 'b'])
})

test('a commit that fails rejects every transaction of its group, and the next one succeeds', async (t) => {
  const opened = await openWith(t)
  const first = addAlone(opened, 'a')
  const orphan = runInTransaction(opened.db, async (trx) => {
    await sql`pragma defer_foreign_keys = on`.execute(trx)
    await sql`insert into child values ('nobody')`.execute(trx)
  })
  await Promise.all([first, orphan, addAlone(opened, 'b')].map((each) => assert.rejects(each)))
  assert.deepEqual(await keysIn(opened.db), [])
  await addAlone(opened, 'c')
  assert.deepEqual(await keysIn(opened.db), ['c'])
})

test('a transaction that SQLite rolled back by itself rejects its group, and the next one succeeds', async (t) => {
  const opened = await openWith(t)
  const first = addAlone(opened, 'a')
  const rolledBack = rollBack(opened)
  await Promise.all([assert.rejects(first, { code: 'service.unavailable' }), assert.rejects(rolledBack)])
  await addAlone(opened, 'b')
  assert.deepEqual(await keysIn(opened.db), ['b'])
})

test('a statement that cannot run in a transaction waits for the commit and runs after it', async (t) => {
  const opened = await openWith(t)
  const finish = await startGroup(opened)
  const vacuum = sql`vacuum`.execute(opened.db)
  await Promise.all([finish(), vacuum])
  assert.ok(opened.statements.indexOf('commit') < opened.statements.indexOf('vacuum'))
  assert.deepEqual(await keysIn(opened.db), ['a', 'b'])
})

test('closing commits the group', async (t) => {
  const opened = await openWith(t)
  const finish = await startGroup(opened)
  const closed = opened.db.destroy()
  await Promise.all([finish(), closed])
  assert.deepEqual(await keysIn(await openFor(t, opened.url)), ['a', 'b'])
})

test('a transaction that ends after the deadline of its group commits the group', async (t) => {
  const opened = await openWith(t)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const finish = await startGroup(opened)
  t.mock.timers.tick(LINGER)
  const acknowledged = finish()
  await nextTurn()
  assert.equal(commitsIn(opened), 1)
  await acknowledged
  assert.deepEqual(await keysIn(opened.db), ['a', 'b'])
})

test('a transaction that queues behind one that SQLite rolled back by itself succeeds', async (t) => {
  const opened = await openWith(t)
  const first = addAlone(opened, 'a')
  const rolledBack = rollBack(opened)
  const behind = addAlone(opened, 'b')
  await Promise.all([assert.rejects(first, { code: 'service.unavailable' }), assert.rejects(rolledBack), behind])
  assert.deepEqual(await keysIn(opened.db), ['b'])
})
