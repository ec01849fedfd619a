// The in-place upgrade of a legacy database: no user is lost, no secret stays readable, and a failure changes nothing.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'

import { openFor } from '#test/support/databases/each-database.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import type { Database } from './database.ts'
import { migrate, type MigrateOptions } from './migrate.ts'
import { MIGRATIONS } from './migrations/list.ts'
import { schemaStatus } from './schema-status.ts'
import { secureVacuum } from './secure-vacuum.ts'

type Row = [number, string | null, string | null, string | null, string, string, number | string | null, string | null]

const LATEST = MIGRATIONS.at(-1)?.version ?? 0
const hash = (letter: string) => `$2b$12$${letter.repeat(53)}`
const secret = (letter: string) => letter.repeat(32)

/** Ill-formed as in a real database: empty and colliding names, an invalid email address, missing values, gaps in the ids. */
const ROWS: Row[] = [
  [1, 'ada@example.com', 'Ada', 'Ada Lovelace', hash('a'), secret('A'), 0, 'admin'],
  [2, 'ada.two@example.com', 'ada', null, hash('b'), secret('B'), 0, 'user'],
  [3, null, 'carol', 'Carol', hash('c'), secret('C'), 0, 'user'],
  [4, null, 'dave', null, hash('d'), secret('D'), 1, 'user'],
  [5, 'not an address', 'erin', null, hash('e'), secret('E'), 0, 'user'],
  [6, 'empty@example.com', '', null, hash('f'), secret('F'), 0, 'user'],
  [7, 'j@example.com', 'jürgen', 'Jürgen Ω', hash('g'), secret('G'), 0, 'user'],
  [9, 'null@example.com', null, null, hash('h'), secret('H'), null, null],
  [10, 'odd@example.com', 'odd', null, hash('i'), secret('I'), 'false', 'chief'],
  [11, 'long@example.com', 'x'.repeat(300), null, hash('j'), secret('J'), 0, 'user'],
  [14, 'last@example.com', 'last', null, hash('k'), secret('K'), 0, 'user'],
]

async function legacyFile(t: TestContext, name = 'twofactor.db'): Promise<string> {
  const file = join(await temporaryFolder(t), name)
  const db = new DatabaseSync(file)
  db.exec(`
    create table users (id integer not null, email varchar, username varchar, full_name varchar, hashed_password varchar,
      otp_secret varchar, disabled boolean, role varchar(5), primary key (id));
    create unique index ix_users_email on users (email);
    create unique index ix_users_username on users (username);
    create index ix_users_id on users (id)`)
  const insert = db.prepare('insert into users values (?, ?, ?, ?, ?, ?, ?, ?)')
  for (const row of ROWS) insert.run(...row)
  db.close()
  return file
}

async function openLegacy(t: TestContext): Promise<{ file: string; db: Database }> {
  const file = await legacyFile(t)
  return { file, db: await openFor(t, `sqlite:${file}`) }
}

/** Runs SQL as another program does. */
function change(file: string, text: string): void {
  using db = new DatabaseSync(file)
  db.exec(text)
}

function rowsOf(file: string): unknown[][] {
  using db = new DatabaseSync(file, { readOnly: true })
  const eight = 'id, email, username, full_name, hashed_password, otp_secret, disabled, role'
  const rows = db.prepare(`select ${eight} from users order by id`).all()
  return rows.map((row) => Object.values(row))
}

const copiesOf = (file: string) => readdirSync(dirname(file)).filter((name) => name.includes('before-doorward'))

/** Fails unless the upgrade is refused with this error, no byte of the file changes and no copy of it stays. */
async function assertRefused(
  t: TestContext,
  file: string,
  wanted: object,
  within?: MigrateOptions['within'],
): Promise<void> {
  const before = readFileSync(file)
  const db = await openFor(t, `sqlite:${file}`)
  await assert.rejects(migrate(db, { now: 1, ...(within && { within }) }), wanted)
  await db.destroy()
  assert.deepEqual(readFileSync(file), before)
  assert.deepEqual(copiesOf(file), [])
}

const clearSecrets = async (trx: Database) => {
  await trx.updateTable('users').set({ otp_secret: null }).execute()
}

test('all rows are kept unchanged, also ill-formed ones', async (t) => {
  const file = await legacyFile(t)
  const db = await openFor(t, `sqlite:${file}`, { create: false })
  assert.deepEqual(await schemaStatus(db), { state: 'origin', wanted: LATEST })
  const report = await migrate(db, { now: 1 })
  assert.deepEqual([report.upgradedLegacy, report.created, report.from, report.to], [true, false, 0, LATEST])
  assert.deepEqual(rowsOf(file), ROWS)
  const own = await db.selectFrom('users').select(['subject', 'username_key', 'credential_epoch', 'revision']).execute()
  assert.equal(new Set(own.map(({ subject }) => subject)).size, ROWS.length)
  assert.ok(own.every((row) => row.username_key === null && row.credential_epoch === 0 && row.revision === 0))
  const { rows } = await sql`
    select name from sqlite_master where name like 'ix_users%' or name like '%adopted%'`.execute(db)
  assert.deepEqual(rows, [])
})

test('a second start changes nothing and copies nothing', async (t) => {
  const { file, db } = await openLegacy(t)
  await migrate(db, { now: 1 })
  const before = await db.selectFrom('users').selectAll().execute()
  const report = await migrate(db, { now: 2 })
  assert.deepEqual(report, { created: false, upgradedLegacy: false, from: LATEST, to: LATEST, notes: [] })
  assert.deepEqual(await db.selectFrom('users').selectAll().execute(), before)
  assert.equal(copiesOf(file).length, 1)
})

test('ids of deleted users are not reused', async (t) => {
  const { db } = await openLegacy(t)
  await migrate(db, { now: 1 })
  await db.deleteFrom('users').where('id', '=', 14).execute()
  const inserted = db.insertInto('users').values({ username: 'new', disabled: 0 }).returning('id')
  assert.deepEqual(await inserted.execute(), [{ id: 15 }])
})

test('usernames that differ only in case keep their rows, and one of them can have the folded name', async (t) => {
  const { db } = await openLegacy(t)
  await migrate(db, { now: 1 })
  await db.updateTable('users').set({ username_key: 'ada' }).where('id', '=', 1).execute()
  await assert.rejects(db.updateTable('users').set({ username_key: 'ada' }).where('id', '=', 2).execute(), /UNIQUE/)
})

test('the previous file is copied for its owner only, and the report names the copy', async (t) => {
  const { file, db } = await openLegacy(t)
  const { copiedTo, notes } = await migrate(db, { now: 1, within: clearSecrets })
  assert.equal(copiedTo, `${file}.before-doorward`)
  assert.equal(statSync(copiedTo).mode & 0o777, 0o600)
  assert.deepEqual(rowsOf(copiedTo), ROWS)
  assert.ok(notes.some((note) => note.includes(copiedTo) && note.includes('plain')))
})

for (const journal of ['delete', 'wal'] as const) {
  test(`an upgraded file and its log are accessible to their owner only (journal ${journal})`, async (t) => {
    const file = await legacyFile(t)
    const old = new DatabaseSync(file)
    t.after(() => old.close())
    old.exec(`pragma journal_mode = ${journal}; select * from users`)
    for (const name of readdirSync(dirname(file))) chmodSync(join(dirname(file), name), 0o644)
    const db = await openFor(t, `sqlite:${file}`)
    const { notes } = await migrate(db, { now: 1 })
    assert.equal(notes.length, 1)
    await db.updateTable('users').set({ full_name: 'Ada' }).where('id', '=', 1).execute()
    const names = readdirSync(dirname(file))
    assert.ok(names.length >= 2)
    for (const name of names) assert.equal(statSync(join(dirname(file), name)).mode & 0o777, 0o600, name)
  })
}

test('the mode of a file that was upgraded before is not changed', async (t) => {
  const { file, db } = await openLegacy(t)
  await migrate(db, { now: 1 })
  chmodSync(file, 0o640)
  await migrate(db, { now: 2 })
  assert.equal(statSync(file).mode & 0o777, 0o640)
})

test('an earlier copy is never overwritten', async (t) => {
  const { file, db } = await openLegacy(t)
  change(`${file}.before-doorward`, 'create table precious (a)')
  const before = readFileSync(`${file}.before-doorward`)
  const { copiedTo } = await migrate(db, { now: 1 })
  assert.equal(copiedTo, `${file}.before-doorward.2`)
  assert.deepEqual(readFileSync(`${file}.before-doorward`), before)
  assert.deepEqual(rowsOf(copiedTo), ROWS)
})

test('if the copy fails nothing is changed, and the error says so', async (t) => {
  // The name of the file is allowed, and that of the copy is one byte too long for the file system.
  const file = await legacyFile(t, 'x'.repeat(256 - '.before-doorward'.length))
  await assertRefused(t, file, /could not be copied .* nothing was changed/)
  assert.equal(readdirSync(dirname(file)).length, 1)
})

test('if the function `within` fails, no byte of the file changes and the copy is removed', async (t) => {
  await assertRefused(t, await legacyFile(t), /keyring does not fit/, async (trx) => {
    await clearSecrets(trx)
    throw new Error('keyring does not fit')
  })
})

test('no file except the copy contains a cleared secret', async (t) => {
  const file = await legacyFile(t)
  // Rows that the legacy app deleted without overwriting them, in more pages than the new tables need.
  const old = new DatabaseSync(file)
  old.exec('pragma secure_delete = off; create table old (a)')
  for (let page = 0; page < 100; page++) old.prepare('insert into old values (?)').run(secret('Z').repeat(100))
  old.exec('drop table old')
  old.close()
  assert.ok(readFileSync(file).includes(secret('Z')))
  const db = await openFor(t, `sqlite:${file}`)
  await migrate(db, { now: 1, within: clearSecrets })
  assert.equal(await secureVacuum(db), true)
  const files = readdirSync(dirname(file)).filter((name) => !name.includes('before-doorward'))
  assert.ok(files.includes('twofactor.db'))
  for (const name of files) {
    const bytes = readFileSync(join(dirname(file), name))
    const found = [...ROWS.map((row) => row[5]), secret('Z')].filter((plain) => bytes.includes(plain))
    assert.deepEqual(found, [], name)
  }
})

test('an upgraded file has a write-ahead log', async (t) => {
  const { db } = await openLegacy(t)
  await migrate(db, { now: 1 })
  const { rows } = await sql`pragma journal_mode`.execute(db)
  assert.deepEqual(rows, [{ journal_mode: 'wal' }])
})

test('of two concurrent upgrades one changes the file, and one copy is created', async (t) => {
  const file = await legacyFile(t)
  const both = [await openFor(t, `sqlite:${file}`), await openFor(t, `sqlite:${file}`)]
  const reports = await Promise.all(both.map((db) => migrate(db, { now: 1, within: clearSecrets })))
  assert.equal(reports.filter(({ upgradedLegacy }) => upgradedLegacy).length, 1)
  assert.equal(copiesOf(file).length, 1)
  const ids = (rows: readonly unknown[][]) => rows.map(([id]) => id)
  assert.deepEqual(ids(rowsOf(file)), ids(ROWS))
})

test('an id beyond the safe integers is refused by name, and nothing is changed', async (t) => {
  const file = await legacyFile(t)
  change(file, 'update users set id = 9007199254740993 where id = 14')
  await assertRefused(t, file, { name: 'SchemaError', message: /the id 9007199254740993, .* Nothing was changed\./ })
})

test('a database with a ninth column or another table that refers to the users counts as another program’s', async (t) => {
  const changes = [
    'alter table users add column phone varchar',
    'create table notes (id integer, owner integer references users (id) on delete cascade)',
  ]
  for (const text of changes) {
    const file = await legacyFile(t)
    change(file, text)
    await assertRefused(t, file, { name: 'SchemaError' })
  }
})
