import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { sql } from 'kysely'

import { newDatabaseUrl, openFor } from '../../../../../test/support/databases/each-database.ts'
import { migrate } from '../migrate.ts'
import type { Database } from '../schema.ts'
import { runInTransaction } from '../transaction.ts'

interface Opened {
  readonly db: Database
  /** The first word of each statement, and whatever a test writes down between them. */
  readonly heard: string[]
  readonly url: string
}

async function openWith(t: TestContext, shouldBatch: () => boolean): Promise<Opened> {
  const url = await newDatabaseUrl(t, 'sqlite')
  const heard: string[] = []
  const db = await openFor(t, url, {
    shouldBatch,
    onStatement: (text) => heard.push(/^[a-z]+/i.exec(text)?.[0] ?? text),
  })
  await migrate(db, { now: 0 })
  await sql`create table child (parent text references throttle_bucket (key))`.execute(db)
  heard.length = 0
  return { db, heard, url }
}

/** How long a transaction waits for others to share its commit. */
const LINGER = 20

const always = (): boolean => true

function add(db: Database, key: string): Promise<unknown> {
  return db.insertInto('throttle_bucket').values({ key, failures: 0, last_failure_at: 0, blocked_until: 0 }).execute()
}

async function keysIn(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('throttle_bucket').select('key').orderBy('key').execute()
  return rows.map(({ key }) => key)
}

/** Adds in a transaction of its own, and writes down when that was acknowledged. */
async function addAlone({ db, heard }: Opened, key: string): Promise<void> {
  await runInTransaction(db, (trx) => add(trx, key))
  heard.push('acknowledged')
}

/** Ends once `held` is let go, having added; meanwhile nobody else has the turn. */
function hold({ db }: Opened, key: string): { begun: Promise<void>; letGo: () => void; ended: Promise<unknown> } {
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const ended = runInTransaction(db, async (trx) => {
    await add(trx, key)
    begun.resolve()
    await gate.promise
  })
  return { begun: begun.promise, letGo: gate.resolve, ended }
}

test('transactions that have time share one commit, and none is acknowledged before it', async (t) => {
  const opened = await openWith(t, always)
  await Promise.all(['a', 'b', 'c'].map((key) => addAlone(opened, key)))
  const others = ['savepoint', 'insert', 'release', 'savepoint', 'insert', 'release']
  assert.deepEqual(opened.heard, ['begin', 'insert', ...others, 'commit', ...Array(3).fill('acknowledged')])
  assert.deepEqual(await keysIn(await openFor(t, opened.url)), ['a', 'b', 'c'])
})

test('without time each commits by itself', async (t) => {
  const opened = await openWith(t, () => false)
  await Promise.all(['a', 'b'].map((key) => addAlone(opened, key)))
  assert.deepEqual(
    opened.heard.filter((word) => word !== 'acknowledged'),
    ['begin', 'insert', 'commit', 'begin', 'insert', 'commit'],
  )
})

test('when time runs out, the one that ends then commits for all', async (t) => {
  let shouldBatch = true
  const opened = await openWith(t, () => shouldBatch)
  const first = addAlone(opened, 'a')
  const second = hold(opened, 'b')
  await second.begun
  shouldBatch = false
  second.letGo()
  await Promise.all([first, second.ended])
  assert.equal(opened.heard.filter((word) => word === 'commit').length, 1)
})

test('one that fails takes back its own part only', async (t) => {
  const opened = await openWith(t, always)
  const failing = (): Promise<void> =>
    runInTransaction(opened.db, async (trx) => {
      await add(trx, 'b')
      throw new Error('taken back')
    })
  await Promise.all([addAlone(opened, 'a'), assert.rejects(failing(), /taken back/), addAlone(opened, 'c')])
  assert.equal(opened.heard.filter((word) => word === 'commit').length, 1)
  assert.deepEqual(await keysIn(opened.db), ['a', 'c'])
})

test('a single statement shares the commit, and one that fails takes nothing else along', async (t) => {
  const opened = await openWith(t, always)
  const { heard, db } = opened
  const first = addAlone(opened, 'a')
  const second = hold(opened, 'b')
  await second.begun
  const single = add(db, 'c').then(() => heard.push('acknowledged'))
  const failing = assert.rejects(add(db, 'c'))
  second.letGo()
  await Promise.all([first, second.ended, single, failing])
  const commit = heard.indexOf('commit')
  assert.ok(commit > 0 && commit === heard.lastIndexOf('commit') && commit < heard.indexOf('acknowledged'))
  assert.deepEqual(await keysIn(db), ['a', 'b', 'c'])
})

test('no other reader sees what has not been committed', async (t) => {
  const opened = await openWith(t, always)
  const first = addAlone(opened, 'a')
  const second = hold(opened, 'b')
  await second.begun
  assert.deepEqual(await keysIn(opened.db), [])
  assert.equal(opened.heard.includes('acknowledged'), false)
  second.letGo()
  await Promise.all([first, second.ended])
  assert.deepEqual(await keysIn(opened.db), ['a', 'b'])
})

test('a commit that fails is told to every transaction in it, and the next one works', async (t) => {
  const opened = await openWith(t, always)
  const first = addAlone(opened, 'a')
  const orphan = runInTransaction(opened.db, async (trx) => {
    await sql`pragma defer_foreign_keys = on`.execute(trx)
    await sql`insert into child values ('nobody')`.execute(trx)
  })
  const outcomes = await Promise.allSettled([first, orphan, addAlone(opened, 'b')])
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  )
  assert.deepEqual(await keysIn(opened.db), [])
  await addAlone(opened, 'c')
  assert.deepEqual(await keysIn(opened.db), ['c'])
})

test('a transaction that SQLite gave up takes along those that were to share its commit, and the next one works', async (t) => {
  const opened = await openWith(t, always)
  const first = addAlone(opened, 'a')
  const givenUp = runInTransaction(opened.db, async (trx) => {
    // As SQLite does by itself when the disk is full.
    await sql`rollback`.execute(trx)
  })
  await Promise.all([assert.rejects(first, { code: 'service.unavailable' }), assert.rejects(givenUp)])
  await addAlone(opened, 'b')
  assert.deepEqual(await keysIn(opened.db), ['b'])
})

test('what can be part of no transaction waits for the commit and runs after it', async (t) => {
  const opened = await openWith(t, always)
  const first = addAlone(opened, 'a')
  const second = hold(opened, 'b')
  await second.begun
  const vacuum = sql`vacuum`.execute(opened.db)
  second.letGo()
  await Promise.all([first, second.ended, vacuum])
  assert.ok(opened.heard.indexOf('commit') < opened.heard.indexOf('vacuum'))
  assert.deepEqual(await keysIn(opened.db), ['a', 'b'])
})

test('closing commits what is waiting', async (t) => {
  const opened = await openWith(t, always)
  const first = addAlone(opened, 'a')
  const second = hold(opened, 'b')
  await second.begun
  const closed = opened.db.destroy()
  second.letGo()
  await Promise.all([first, second.ended, closed])
  assert.deepEqual(await keysIn(await openFor(t, opened.url)), ['a', 'b'])
})

test('one that ends after those before it have waited long enough commits for all', async (t) => {
  const opened = await openWith(t, always)
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const first = addAlone(opened, 'a')
  const second = hold(opened, 'b')
  await second.begun
  t.mock.timers.tick(LINGER)
  second.letGo()
  await nextTurn()
  assert.equal(opened.heard.filter((word) => word === 'commit').length, 1)
  await Promise.all([first, second.ended])
  assert.deepEqual(await keysIn(opened.db), ['a', 'b'])
})

test('a transaction queued behind one that SQLite aborted does not fail with it', async (t) => {
  const opened = await openWith(t, always)
  const first = addAlone(opened, 'a')
  const givenUp = runInTransaction(opened.db, async (trx) => {
    await sql`rollback`.execute(trx)
  })
  const behind = addAlone(opened, 'b')
  await Promise.all([assert.rejects(first, { code: 'service.unavailable' }), assert.rejects(givenUp), behind])
  assert.deepEqual(await keysIn(opened.db), ['b'])
})
