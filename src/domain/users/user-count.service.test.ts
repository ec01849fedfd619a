import { type Insertable, sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days } from '#foundation/kernel/time.ts'
import { type Database, withEngine } from '#foundation/platform/database/database.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import { newDatabase, onEachDatabase, openFor } from '#test/support/databases/each-database.ts'
import { countUsers, recountUsers } from './user-count.service.ts'
import { userFromRow } from './user-row.ts'
import { statusOf } from './user.ts'

const AT = days(20_000)

/** A user of each status, with and without the role, and externally inserted rows. */
const ROWS: readonly Partial<Insertable<Schema['users']>>[] = [
  { username: 'app', second_factor_at: AT, created_at: AT },
  { username: 'passkey', second_factor_at: AT + days(1), passkey_at: AT + days(1), created_at: AT, role: 'admin' },
  { username: 'lost', passkey_at: AT, hashed_password: '$2b$04$x' },
  { username: 'invited', invited_at: AT, created_at: AT + days(2), role: 'admin' },
  { username: 'disabled', disabled: 1, second_factor_at: AT, created_at: AT, role: 'admin' },
  { username: 'false', disabled: 'false', hashed_password: 'scrypt:1' },
  { username: 'typed', disabled: 'yes', role: 'root' },
  { username: null },
]

const WANTED = {
  total: 8,
  active: 2,
  invited: 1,
  noFactor: 3,
  disabled: 2,
  admins: 3,
  withPasskey: 1,
  withApp: 1,
  actingAdmins: 1,
  waitingAdmins: 1,
  importedHashes: 2,
}

async function insertRows(db: Database): Promise<void> {
  for (const row of ROWS)
    await db
      .insertInto('users')
      .values({ disabled: 0, ...row })
      .execute()
}

const countsOf = async (db: Database) => (await countUsers({ db })).counts

/** Returns the same numbers, computed from all rows. */
async function statusesOf(db: Database): Promise<Record<string, number>> {
  const rows = await db.selectFrom('users').select(USER_COLUMNS).execute()
  const byStatus = Object.groupBy(rows.map(userFromRow), statusOf)
  return Object.fromEntries(Object.entries(byStatus).map(([status, users]) => [status, users.length]))
}

onEachDatabase('users are counted as they are inserted, changed and deleted, by any program', async (t, dialect) => {
  const { db, url } = await newDatabase(t, dialect)
  const other = await openFor(t, url)
  await insertRows(other)
  assert.deepEqual(await countsOf(db), WANTED)
  const { active, invited, noFactor, disabled } = WANTED
  assert.deepEqual(await statusesOf(db), { active, invited, 'no-factor': noFactor, disabled })
  await other.updateTable('users').set({ disabled: 1 }).where('username', '=', 'passkey').execute()
  const changed = { ...WANTED, active: 1, disabled: 3, withPasskey: 0, actingAdmins: 0 }
  assert.deepEqual(await countsOf(db), changed)
  await other.updateTable('users').set({ hashed_password: '$argon2id$x', last_sign_in_at: AT }).execute()
  assert.deepEqual(await countsOf(db), { ...changed, importedHashes: 0 })
  await other.deleteFrom('users').where('role', '=', 'admin').execute()
  const left = { ...changed, total: 5, invited: 0, disabled: 1, admins: 0, waitingAdmins: 0, importedHashes: 0 }
  assert.deepEqual(await countsOf(db), left)
})

onEachDatabase(
  'the days count users by creation, and by the day since which they have a second factor',
  async (t, dialect) => {
    const { db } = await newDatabase(t, dialect)
    await insertRows(db)
    const { days: all } = await countUsers({ db }, 20_001)
    assert.deepEqual(
      all.toSorted((one, other) => one.day - other.day),
      [
        // The disabled user counts on no day.
        { day: -1, users: 5, withFactor: 1 },
        { day: 20_001, users: 0, withFactor: 1 },
        { day: 20_002, users: 1, withFactor: 0 },
      ],
    )
  },
)

onEachDatabase('a change that is rolled back does not change the counts', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertRows(db)
  const rolledBack = db.transact(async (trx) => {
    await trx.deleteFrom('users').execute()
    assert.equal((await countsOf(trx)).total, 0)
    throw new Error('no')
  })
  await assert.rejects(rolledBack, /^Error: no$/)
  assert.deepEqual(await countsOf(db), WANTED)
})

onEachDatabase('wrong counts are corrected, also while users change', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertRows(db)
  assert.equal(await recountUsers({ db }), 0)
  await sql`update user_count set count = count + 7 where kind = 'app'`.execute(db)
  await sql`delete from user_count where kind = 'invited admin'`.execute(db)
  await sql`insert into user_count (kind, day, count) values ('passkey', 3, 5)`.execute(db)
  assert.equal((await countsOf(db)).total, WANTED.total + 11)
  const [wrong] = await Promise.all([
    recountUsers({ db }),
    db.insertInto('users').values({ username: 'new', disabled: 0 }).execute(),
  ])
  assert.equal(wrong, 3)
  assert.deepEqual(await countsOf(db), { ...WANTED, total: 9, noFactor: 4 })
})

test('a row that SQLite replaces without running the triggers is corrected by the recount', async (t) => {
  const { db } = await newDatabase(t, 'sqlite')
  await insertRows(db)
  await sql`insert or replace into users (id, username) values (1, 'app')`.execute(db)
  assert.equal((await countsOf(db)).total, 9)
  await recountUsers({ db })
  assert.deepEqual(await countsOf(db), { ...WANTED, active: 1, withApp: 0, noFactor: 4 })
})

test('on PostgreSQL no change of a user waits for the change of another', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await insertRows(db)
  await db.transact(async (trx) => {
    await trx.updateTable('users').set({ disabled: 1 }).where('username', '=', 'app').execute()
    // A lock on the counts would deadlock here.
    await sql`set statement_timeout = 5000; update users set disabled = 0 where username = 'typed'`.execute(db)
  })
  assert.equal((await countsOf(db)).disabled, 2)
})

/** Runs `work` as a temporary role, which may write users only or nothing. */
async function asRole(
  db: Database,
  rights: 'insert, update, delete, select' | 'no',
  work: (one: Database) => Promise<unknown>,
): Promise<void> {
  const role = `role_${process.pid}`
  await sql.raw(`create role ${role}`).execute(db)
  if (rights !== 'no') await sql.raw(`grant ${rights} on users to ${role}`).execute(db)
  await db.connection().execute(async (one) => {
    try {
      await sql.raw(`set role ${role}`).execute(one)
      await work(withEngine(one, db))
    } finally {
      await sql.raw(`reset role; reset search_path; drop owned by ${role}; drop role ${role}`).execute(one)
    }
  })
}

test('on PostgreSQL a role with no right but to write users can write users, and the counts change', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await asRole(db, 'insert, update, delete, select', async (one) => {
    await sql`set search_path = pg_catalog`.execute(one)
    await sql`insert into public.users (username) values ('stranger'), ('other')`.execute(one)
    await sql`update public.users set disabled = '1'`.execute(one)
    await sql`delete from public.users where username = 'other'`.execute(one)
  })
  assert.equal((await countsOf(db)).disabled, 1)
})

test('on PostgreSQL a temporary table of the account that writes users does not replace the counts', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await asRole(db, 'insert, update, delete, select', async (one) => {
    await sql`create temp table user_count (kind text, day bigint, count bigint)`.execute(one)
    await sql`grant all on user_count to public`.execute(one)
    // This would run with the rights of the owner of the counts.
    await sql`create function pg_temp.work() returns trigger language plpgsql as
      'begin raise exception ''ran as %'', current_user; end'`.execute(one)
    await sql`create trigger work before insert on user_count for each row execute function pg_temp.work()`.execute(one)
    await sql`insert into public.users (username) values ('stranger')`.execute(one)
    await sql`update public.users set disabled = '1'`.execute(one)
  })
  assert.equal((await countsOf(db)).disabled, 1)
})

test('on PostgreSQL another account cannot make a trigger that counts as the owner of the counts', async (t) => {
  const { db } = await newDatabase(t, 'postgres')
  await asRole(db, 'no', async (one) => {
    await sql`create temp table mine (disabled text)`.execute(one)
    const attached = sql`create trigger count after insert on mine referencing new table as added
      for each statement execute function public.count_users()`.execute(one)
    await assert.rejects(attached, /permission denied for function (public\.)?count_users/)
  })
})
