import { CompiledQuery, sql } from 'kysely'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { migratedDatabaseUrl, newDatabase, openFor } from '#test/support/databases/each-database.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import type { Database } from '../database.ts'
import { openDatabase } from '../dialect.ts'
import { preparedQuery } from '../prepared-query.ts'
import { readVersion } from '../schema-status.ts'
import { runInTransaction } from '../transaction.ts'
import { openSqlite } from './sqlite.ts'

const insertUser = (db: Database, username: string, more: { created_at?: number } = {}) =>
  db
    .insertInto('users')
    .values({ username, disabled: 0, ...more })
    .execute()

/** The users as a plain read finds them. */
async function usersIn(db: Database): Promise<(string | null)[]> {
  const rows = await db.selectFrom('users').select('username').orderBy('id').execute()
  return rows.map(({ username }) => username)
}

test('a new file and its new folder are accessible to their owner only', async (t) => {
  const folder = join(await temporaryFolder(t), 'data')
  const file = join(folder, 'doorward.db')
  const db = await openSqlite(file, { create: true, dataDir: folder })
  t.after(() => db.destroy())
  await sql`create table t (a)`.execute(db)
  assert.equal(statSync(folder).mode & 0o777, 0o700)
  for (const name of [file, `${file}-wal`, `${file}-shm`]) assert.equal(statSync(name).mode & 0o777, 0o600, name)
})

test('the error for a missing file names it, and the file is not created without the option', async (t) => {
  const file = join(await temporaryFolder(t), 'none.db')
  await assert.rejects(openSqlite(file, { create: false }), (error: Error) => error.message.includes(file))
  assert.equal(existsSync(file), false)
})

test('only the data folder is created for a new file, so that a mistyped path creates none', async (t) => {
  const dataDir = await temporaryFolder(t)
  writeFileSync(join(dataDir, 'afile'), 'letter')
  for (const [path, problem] of [
    ['none/x.db', /there is no folder .*none\. Is the path in database_url right\?/],
    ['afile/x.db', /there is a file, and no folder, at .*afile\. Is the path/],
  ] as const) {
    const opening = openSqlite(join(dataDir, path), { create: true, dataDir })
    await assert.rejects(opening, { name: 'DatabaseFileError', message: problem })
  }
  assert.deepEqual(readdirSync(dataDir), ['afile'])
})

test('the error for a file that is no database names it, and the file is not changed', async (t) => {
  const file = join(await temporaryFolder(t), 'letter.db')
  writeFileSync(file, 'Dear Ada, this is a letter and certainly no database.\n'.repeat(30))
  const before = readFileSync(file)
  await assert.rejects(openSqlite(file, { create: true }), (error: Error) => error.message.includes(file))
  assert.deepEqual(readFileSync(file), before)
})

const REFUSED_URLS = [
  'sqlite:',
  'sqlite::memory:',
  'sqlite:///tmp/x.db',
  'mysql://root@localhost/x',
  'postgres://a:hidden@b:port/c',
]
for (const url of REFUSED_URLS) {
  test(`the database URL ${url.replace('hidden', '…')} is refused with an error that repeats no password`, async () => {
    await assert.rejects(openDatabase({ databaseUrl: Secret.of(url) }, { create: true }), (error: Error) => {
      assert.match(error.message, /write|must begin with/i)
      return !error.message.includes('hidden')
    })
  })
}

test('a file is used with a write-ahead log, full synchronization, foreign keys and secure deletion', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  const pragmas = await runInTransaction(db, async (trx) => {
    const names = ['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'busy_timeout']
    const found = []
    for (const name of names)
      found.push(Object.values((await sql<object>`pragma ${sql.raw(name)}`.execute(trx)).rows[0] ?? {})[0])
    return found
  })
  assert.deepEqual(pragmas, ['wal', 2, 1, 1, 20])
})

test('a prepared read beside a transaction cannot write', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  const insert = { ...CompiledQuery.raw('insert into users (username, disabled) values (?, 0)'), statementName: '' }
  // A query of this kind counts as a read.
  const { query } = db.selectFrom('users').select('id').compile()
  await runInTransaction(db, () => assert.rejects(db.runPrepared({ ...insert, query }, ['ada']), /readonly/))
  assert.deepEqual(await usersIn(db), [])
})

test('closing leaves one file, which contains all rows', async (t) => {
  const file = join(await temporaryFolder(t), 'doorward.db')
  const db = await openSqlite(file, { create: true })
  await sql`create table t (a)`.execute(db)
  await sql`insert into t values (7)`.execute(db)
  await db.destroy()
  assert.equal(existsSync(`${file}-wal`), false)
  const again = new DatabaseSync(file)
  assert.equal(again.prepare('select a from t').get()?.a, 7)
  again.close()
})

test('a database that was opened but never used closes its files', async (t) => {
  const file = join(await temporaryFolder(t), 'doorward.db')
  const db = await openSqlite(file, { create: true })
  await db.destroy()
  await assert.rejects(sql`select 1`.execute(db))
  assert.equal(existsSync(`${file}-shm`), false)
})

test('a transaction takes the write lock when it begins', async (t) => {
  const { db, url } = await newDatabase(t, 'sqlite')
  const otherProgram = new DatabaseSync(url.slice('sqlite:'.length), { timeout: 0 })
  t.after(() => otherProgram.close())
  await runInTransaction(db, async () => {
    assert.throws(() => otherProgram.exec('begin immediate'), { errcode: 5 })
  })
  otherProgram.exec('begin immediate')
  otherProgram.exec('rollback')
})

test('a failed transaction rolls back its new tables', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  const failed = runInTransaction(db, async (trx) => {
    await trx.schema.createTable('half').addColumn('a', 'integer').execute()
    throw new Error('no further')
  })
  await assert.rejects(failed, /no further/)
  const { rows } = await sql`select name from sqlite_master where name = 'half'`.execute(db)
  assert.deepEqual(rows, [])
})

test('a transaction whose rollback failed is rolled back before the next write', async (t) => {
  const { url } = await newDatabase(t, 'sqlite')
  let isFailing = false
  const onStatement = (text: string): void => {
    if (isFailing && text === 'rollback') throw new Error('no rollback')
  }
  const db = await openFor(t, url, { onStatement })
  const other = await openFor(t, url)
  const writes = [() => insertUser(db, 'ada'), () => runInTransaction(db, (trx) => insertUser(trx, 'bob'))]
  for (const write of writes) {
    isFailing = true
    const failed = runInTransaction(db, async (trx) => {
      await insertUser(trx, 'lost')
      throw new Error('taken back')
    })
    await assert.rejects(failed, /no rollback/)
    isFailing = false
    await write()
  }
  assert.deepEqual(await usersIn(other), ['ada', 'bob'])
})

test('a plain read neither waits for an open transaction nor sees what it has not committed', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  await runInTransaction(db, async (trx) => {
    await insertUser(trx, 'ada')
    assert.deepEqual(await usersIn(db), [])
  })
  assert.deepEqual(await usersIn(db), ['ada'])
})

test('a read sees each acknowledged write', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  for (let number = 1; number <= 50; number++) {
    await insertUser(db, `u${number}`)
    assert.equal((await usersIn(db)).at(-1), `u${number}`)
  }
})

test('prepared reads of one turn of the event loop all run before the first of them is answered', async (t) => {
  const seen: string[] = []
  const url = await migratedDatabaseUrl(t, 'sqlite')
  const db = await openFor(t, url, { onStatement: () => void seen.push('read') })
  const named = preparedQuery((on, name: string) => on.selectFrom('users').select('id').where('username', '=', name))
  await Promise.all(['ada', 'bob', 'cy'].map((name) => named(db, name).then(() => seen.push('answered'))))
  assert.deepEqual(seen.slice(-6), ['read', 'read', 'read', 'answered', 'answered', 'answered'])
})

test('raw SQL that changes rows runs on the writer, also when it begins with a common table expression', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  await sql`with names(n) as (values ('ada'), ('bob')) insert into users (username) select n from names`.execute(db)
  assert.deepEqual(await usersIn(db), ['ada', 'bob'])
})

test('large integers and booleans are stored and read unchanged', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  const at = Number.MAX_SAFE_INTEGER
  await insertUser(db, 'ada', { created_at: at })
  const found = await db.selectFrom('users').select('created_at').where('created_at', '=', at).executeTakeFirst()
  assert.equal(found?.created_at, at)
  const { rows } = await sql<{ yes: number }>`select ${true} as yes`.execute(db)
  assert.equal(rows[0]?.yes, 1)
})

test('an integer beyond the safe range is read as the nearest number, and the other rows unchanged', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  await sql`insert into users (username, created_at) values ('ada', 9223372036854775807), ('bob', 7)`.execute(db)
  const read = () => sql<object>`select username, created_at from users order by id`.execute(db)
  for (const { rows } of [await read(), await read()]) {
    assert.deepEqual(rows, [
      { username: 'ada', created_at: 2 ** 63 },
      { username: 'bob', created_at: 7 },
    ])
  }
  const raise = sql<object>`update users set revision = revision + 1 returning created_at, revision`
  assert.deepEqual((await raise.execute(db)).rows, [
    { created_at: 2 ** 63, revision: 1 },
    { created_at: 7, revision: 1 },
  ])
})

test('a statement that was prepared before a table changed still works', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  const all = async () => (await sql<object>`select * from keyring_key`.execute(db)).rows
  await sql`insert into keyring_key values ('k', 'seal', 'f', 1)`.execute(db)
  await all()
  await sql`alter table keyring_key add column remark text default 'new'`.execute(db)
  assert.deepEqual(await all(), [{ id: 'k', purpose: 'seal', fingerprint: 'f', created_at: 1, remark: 'new' }])
  await sql`alter table keyring_key drop column purpose`.execute(db)
  assert.deepEqual(await all(), [{ id: 'k', fingerprint: 'f', created_at: 1, remark: 'new' }])
})

test('more statements than the cache holds still work', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  for (let turn = 0; turn < 2; turn++) {
    for (let number = 0; number < 300; number++) {
      const { rows } = await sql<{ n: number }>`select ${sql.raw(String(number))} as n`.execute(db)
      assert.equal(rows[0]?.n, number)
    }
  }
})

test('a write waits for another process without stopping the event loop', async (t) => {
  const { db, url } = await newDatabase(t, 'sqlite')
  const holder = await holdLock(t, url)
  let isWritten = false
  const writing = runInTransaction(db, (trx) => insertUser(trx, 'ada'))
  const written = writing.then(() => (isWritten = true))
  // Timers still run meanwhile.
  for (let ticks = 0; ticks < 5; ticks++) await sleep(5)
  assert.ok(!isWritten)
  await holder.release()
  await written
})

test('a single write outside a transaction waits for another process too', async (t) => {
  const { db, url } = await newDatabase(t, 'sqlite')
  const holder = await holdLock(t, url)
  const written = insertUser(db, 'ada')
  await holder.release()
  await written
  assert.deepEqual(await usersIn(db), ['ada'])
})

test('a write behind a lock that is never released fails after five seconds as "busy" with retryAfter; reads go on', async (t) => {
  const { db, url } = await newDatabase(t, 'sqlite')
  const otherProgram = new DatabaseSync(url.slice('sqlite:'.length))
  t.after(() => otherProgram.close())
  otherProgram.exec('begin immediate')
  const isBusy = (error: unknown) =>
    error instanceof Refusal && error.code === 'service.busy' && error.facts.retryAfter === 1
  const queued = runInTransaction(db, (trx) => insertUser(trx, 'bob'))
  const refused = [assert.rejects(insertUser(db, 'ada'), isBusy), assert.rejects(queued, isBusy)]
  assert.deepEqual(await usersIn(db), [])
  await Promise.all(refused)
  otherProgram.exec('rollback')
  await insertUser(db, 'ada')
})

test('a write to the outer database inside a transaction fails as "busy" instead of waiting for ever', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  const stuck = runInTransaction(db, () => insertUser(db, 'ada'))
  await assert.rejects(stuck, { code: 'service.busy' })
  await insertUser(db, 'bob')
  assert.deepEqual(await usersIn(db), ['bob'])
})

test('several connections may create the same file at once', async (t) => {
  const file = join(await temporaryFolder(t), 'doorward.db')
  const opened = await Promise.all(Array.from({ length: 4 }, () => openFor(t, `sqlite:${file}`)))
  for (const db of opened) assert.equal(await readVersion(db), undefined)
})

/** Another process that holds the write lock until `release` is called. */
async function holdLock(t: TestContext, url: string) {
  const script = `
    const { DatabaseSync } = require('node:sqlite')
    const db = new DatabaseSync(process.argv[1], { timeout: 5000 })
    db.exec('begin immediate')
    process.stdout.write('held')
    process.stdin.on('end', () => db.exec('commit')).resume()`
  const args = ['-e', script, url.slice('sqlite:'.length)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => child.kill())
  const ended = once(child, 'exit')
  await once(child.stdout, 'data')
  const release = (): Promise<unknown> => {
    child.stdin.end()
    return ended
  }
  return { release }
}
