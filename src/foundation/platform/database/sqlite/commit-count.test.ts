import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'

import { newDatabaseUrl, openFor } from '#test/support/databases/each-database.ts'
import type { Database } from '../database.ts'
import { migrate } from '../migrate.ts'

/** A migrated database that was closed, and functions that open it and read its number. */
async function closed(t: TestContext) {
  const url = await newDatabaseUrl(t, 'sqlite')
  const file = url.replace('sqlite:', '')
  const first = await openFor(t, url)
  await migrate(first, { now: 0 })
  await first.destroy()
  const number = (): number => valueIn(file)
  const record = (): string => readFileSync(`${file}.commits`, 'utf8')
  return { file, number, record, open: () => openFor(t, url) }
}

function valueIn(file: string, change = ''): number {
  const db = new DatabaseSync(file)
  db.exec(change)
  const value = Number(db.prepare('pragma application_id').get()?.['application_id'])
  db.close()
  return value
}

function add(db: Database, key: string): Promise<unknown> {
  return db.insertInto('throttle_bucket').values({ key, failures: 0, last_failure_at: 0, blocked_until: 0 }).execute()
}

test('each commit is counted, alone or in a transaction, and neither a rollback nor a read', async (t) => {
  const { number, record, open } = await closed(t)
  const before = -number()
  assert.ok(before > 0, 'the number of a closed file is not negative')
  const db = await open()
  await add(db, 'alone')
  await db.transact((trx) => add(trx, 'in a transaction'))
  await assert.rejects(db.transact((trx) => add(trx, 'alone')))
  await assert.rejects(add(db, 'alone'))
  await db.selectFrom('throttle_bucket').selectAll().execute()
  assert.equal(number(), before + 2)
  assert.equal(record(), `${String(before + 2).padStart(10, '0')} 0\n`)
  await db.destroy()
  assert.equal(number(), -(before + 2))
})

test('what changes nothing is no commit that counts, and writes nothing to the file', async (t) => {
  const { file, number, open } = await closed(t)
  const db = await open()
  await add(db, 'one')
  const state = () => [number(), statSync(`${file}-wal`).size]
  const before = state()
  const rename = (on: Database) =>
    on.updateTable('throttle_bucket').set({ failures: 1 }).where('key', '=', 'none').returning('key').execute()
  await rename(db)
  await db.deleteFrom('throttle_bucket').where('key', '=', 'none').execute()
  await db.transact((trx) => trx.selectFrom('throttle_bucket').selectAll().execute())
  await db.transact(rename)
  assert.deepEqual(state(), before)
  await db.updateTable('throttle_bucket').set({ failures: 1 }).where('key', '=', 'one').returning('key').execute()
  assert.equal(number(), (before[0] ?? 0) + 1)
})

test('a loss that one process has ended is not reported again by another that had found it, too', async (t) => {
  const { file, record, open } = await closed(t)
  const lost = Number(record().slice(0, 10)) + 5
  writeFileSync(`${file}.commits`, `${String(lost).padStart(10, '0')} 0\n`)
  const [command, server] = [await open(), await open()]
  assert.deepEqual([command.lostCommits?.found, server.lostCommits?.found], [true, true])
  await add(server, 'one')
  server.lostCommits?.accept()
  await add(command, 'two')
  const next = await open()
  assert.equal(next.lostCommits?.found, false)
})

test('after the last number follows the first, and nothing is missing', async (t) => {
  const { file, number, open } = await closed(t)
  valueIn(file, `pragma application_id = ${-(2 ** 31 - 2)}`)
  rmSync(`${file}.commits`)
  for (const [key, expected] of [
    ['one', 2 ** 31 - 1],
    ['two', 1],
    ['three', 2],
  ] as const) {
    const db = await open()
    assert.equal(db.lostCommits?.found, false)
    await add(db, key)
    assert.equal(number(), expected)
    await db.destroy()
  }
})

test('a statement that fails leaves the file unlocked for other processes', async (t) => {
  const { file, open } = await closed(t)
  const db = await open()
  await add(db, 'once')
  await assert.rejects(add(db, 'once'))
  assert.ok(valueIn(file, "delete from throttle_bucket where key = 'once'") > 0)
})

test('the record has the mode of the database, and one that cannot be opened stops the open', async (t) => {
  const { file, open } = await closed(t)
  rmSync(`${file}.commits`)
  chmodSync(file, 0o660)
  const db = await open()
  await add(db, 'one')
  assert.equal(statSync(`${file}.commits`).mode & 0o777, 0o660)
  await db.destroy()
  rmSync(`${file}.commits`)
  mkdirSync(`${file}.commits`)
  await assert.rejects(open(), { name: 'DatabaseFileError' })
})

test('a loss that cannot be noted is not built upon, and what is not lost needs no record', async (t) => {
  const { file, open } = await closed(t)
  rmSync(`${file}.commits`)
  symlinkSync('/dev/full', `${file}.commits`)
  const db = await open()
  assert.equal(db.lostCommits?.found, false)
  await add(db, 'one')
  await db.destroy()
  valueIn(file, 'pragma application_id = 5')
  const lossy = await open()
  assert.equal(lossy.lostCommits?.found, true)
  await assert.rejects(add(lossy, 'two'), /ENOSPC/)
})
