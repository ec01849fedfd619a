import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { inTransaction, type With } from '#foundation/context.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { matchingUserIds } from '#foundation/platform/database/search.ts'
import { contextOn, newStore, onBothEngines } from '#test/support/databases/stores.ts'
import { refusedWith } from '#test/support/refused-with.ts'
import { findUserByEmail, findUserById, findUserByName, insertUser, noteSignIn, updateUser } from '../user.service.ts'
import { foldName } from '../user.ts'
import { BEFORE_EVERY_ID, completeNextRows, completeRow, type ExternalBatch } from './external-row.service.ts'
import { userRowFindings } from './row-findings.service.ts'

/** A well-formed bcrypt hash of no password. */
const IMPORTED_HASH = `$2b$12$${'x'.repeat(53)}`

/** Inserts a row as another program would, without the columns that this program computes; returns its id. */
async function insertExternally(db: Database, row: { username: unknown; email?: unknown; role?: string; id?: number }) {
  const { rows } = await sql<{ id: number }>`
    insert into users (${row.id === undefined ? sql`` : sql`id, `}username, email, full_name, hashed_password, disabled, role)
    values (${row.id === undefined ? sql`` : sql`${row.id}, `}${row.username}, ${row.email ?? null}, ${'Typed In'}, ${IMPORTED_HASH}, ${0}, ${row.role ?? 'user'})
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/** Completes all rows in batches, as the server does; returns how many. */
async function completeAll(ctx: With<'db' | 'now'>, size = 500): Promise<number> {
  let done = 0
  for (let from: number | undefined = BEFORE_EVERY_ID; from !== undefined;) {
    const batch: ExternalBatch = (await completeNextRows(ctx, from, size)) ?? assert.fail('another process is at it')
    done += batch.done
    from = batch.next
  }
  return done
}

async function searched(db: Database, term: string): Promise<number[]> {
  const rows = await db
    .selectFrom('users')
    .select('id')
    .where('id', 'in', await matchingUserIds(db, term))
    .execute()
  return rows.map(({ id }) => id)
}

onBothEngines(
  'an externally inserted username is found exactly before it is completed and cannot be taken again',
  async (_, db) => {
    const ctx = contextOn(db)
    const id = await insertExternally(db, { username: 'Grace', email: 'grace@example.org' })
    assert.equal((await findUserByName(ctx, 'Grace'))?.id, id)
    await assert.rejects(insertUser(ctx, { username: 'GRACE', role: 'user' }), refusedWith('user.username_taken'))
    await assert.rejects(
      insertUser(ctx, { username: 'x', email: 'GRACE@example.org', role: 'user' }),
      refusedWith('user.email_taken'),
    )
    assert.equal(await completeAll(ctx), 1)
    assert.equal((await findUserByName(ctx, 'gRACE'))?.id, id)
    assert.deepEqual(await searched(db, 'typed'), [id])
    assert.equal(await completeAll(ctx), 0)
  },
)

onBothEngines(
  'the name of a row that is not completed yet cannot be taken, with any number of such rows before it',
  async (_, db) => {
    const ctx = contextOn(db)
    const waiting = Array.from({ length: 600 }, (_unused, index) => ({
      username: `Waits ${index}`,
      email: `Waits-${index}@example.org`,
      disabled: 0,
    }))
    await db.insertInto('users').values(waiting).execute()
    await insertExternally(db, { username: 'åda' })
    const bob = await insertUser(ctx, { username: 'bob', role: 'user' })
    for (const username of ['Waits 599', 'WAITS 599', 'waits 0', 'ÅDA']) {
      const taken = refusedWith('user.username_taken')
      await assert.rejects(insertUser(ctx, { username, role: 'user' }), taken)
      await assert.rejects(updateUser(ctx, bob, { username }), taken)
    }
    for (const email of ['Waits-599@example.org', 'waits-599@EXAMPLE.org']) {
      const taken = refusedWith('user.email_taken')
      await assert.rejects(insertUser(ctx, { username: 'x', email, role: 'user' }), taken)
      await assert.rejects(updateUser(ctx, bob, { email }), taken)
    }
  },
)

onBothEngines('the lower id gets the key, also if the user of the higher one signs in first', async (_, db) => {
  const ctx = contextOn(db)
  const older = await insertExternally(db, { username: 'Ada', email: 'ada@example.org' })
  const younger = await insertExternally(db, { username: 'ada', email: 'ADA@example.org' })
  const other = await insertExternally(db, { username: 'bob', email: 'ada@EXAMPLE.org' })
  for (const id of [younger, other, younger]) await completeRow(ctx, id)
  await completeAll(ctx, 2)
  const keys = await db.selectFrom('users').select(['id', 'username_key', 'email_key']).orderBy('id').execute()
  assert.deepEqual(keys, [
    { id: older, username_key: 'ada', email_key: 'ada@example.org' },
    { id: younger, username_key: null, email_key: null },
    { id: other, username_key: 'bob', email_key: null },
  ])
})

onBothEngines('an externally inserted row that is renamed before its batch is complete', async (_, db) => {
  const ctx = contextOn(db)
  const id = await insertExternally(db, { username: 'Ada', email: 'Ada@example.org' })
  await db.updateTable('users').set({ email_verified_at: 5 }).execute()
  const read = (await findUserById(ctx, id)) ?? assert.fail('gone')
  const renamed = await updateUser(ctx, read, { username: 'Countess' })
  assert.deepEqual([renamed.username, renamed.revision], ['Countess', read.revision + 1])
  await completeAll(ctx)
  for (const found of [
    await findUserByName(ctx, 'COUNTESS'),
    await findUserByEmail(ctx, 'ada@example.org'),
    await findUserById(ctx, (await searched(db, 'countess'))[0] ?? 0),
  ]) {
    assert.equal(found?.id, id)
  }
  assert.equal(await findUserByName(ctx, 'ada'), undefined)
})

onBothEngines('a row without a key gets it once the user who had it has another name', async (_, db) => {
  const ctx = contextOn(db)
  const older = await insertExternally(db, { username: 'Ada' })
  const younger = await insertExternally(db, { username: 'ada' })
  await completeAll(ctx)
  const first = (await findUserById(ctx, older)) ?? assert.fail('gone')
  await updateUser(ctx, first, { username: 'Countess' })
  assert.equal(await completeAll(ctx), 1)
  assert.equal((await findUserByName(ctx, 'ADA'))?.id, younger)
  assert.deepEqual(await userRowFindings(ctx), [])
})

onBothEngines('a row that is not completed yet is not reported as one in collision', async (_, db) => {
  const id = await insertExternally(db, { username: 'Ada', email: 'ada@example.org', role: 'wizard' })
  assert.deepEqual(await userRowFindings(contextOn(db)), [{ code: 'role-unknown', id, columns: [] }])
})

onBothEngines('an empty username finds no user, though rows have one', async (_, db) => {
  const ctx = contextOn(db)
  for (const username of ['', '  ']) await insertExternally(db, { username })
  for (const name of ['', '  ']) assert.equal(await findUserByName(ctx, name), undefined)
  await completeAll(ctx)
  for (const name of ['', '  ']) assert.equal(await findUserByName(ctx, name), undefined)
})

onBothEngines(
  'of legacy usernames that differ in case each signs in by its exact spelling, any other spelling finds the older',
  async (_, db) => {
    const ctx = contextOn(db)
    const older = await insertExternally(db, { username: 'Ada', email: 'ada@example.org' })
    const younger = await insertExternally(db, { username: 'ada', email: 'ADA@example.org' })
    await completeAll(ctx)
    assert.equal((await findUserByName(ctx, 'Ada'))?.id, older)
    assert.equal((await findUserByName(ctx, 'ada'))?.id, younger)
    assert.equal((await findUserByName(ctx, 'ADA'))?.id, older)
    const findings = await userRowFindings(ctx)
    assert.deepEqual(
      findings.map(({ code, id }) => [code, id]),
      [
        ['username-collides', younger],
        ['email-collides', younger],
      ],
    )
  },
)

onBothEngines('ill-formed rows are kept, cause no error and are reported', async (_, db, { engine }) => {
  const ctx = contextOn(db)
  const empty = await insertExternally(db, { username: '' })
  const missing = await insertExternally(db, { username: null })
  const malformed = await insertExternally(db, { username: 'm', email: 'not-an-address', role: 'wizard' })
  if (engine === 'sqlite') await insertExternally(db, { username: new Uint8Array([255, 0]) })
  await completeAll(ctx)
  await completeAll(ctx)
  assert.equal((await findUserByName(ctx, 'm'))?.role, 'user')
  const found = (await userRowFindings(ctx)).map(({ code, id }) => `${code} ${id}`)
  for (const wanted of [`username-empty ${empty}`, `username-empty ${missing}`, `email-malformed ${malformed}`]) {
    assert.ok(found.includes(wanted), wanted)
  }
  assert.ok(found.includes(`role-unknown ${malformed}`))
})

onBothEngines('more rows than one batch are completed, the lower id first', async (_, db) => {
  const names = Array.from({ length: 1203 }, (_unused, index) => ({
    username: `Name ${index % 1200}`,
    role: 'user',
    disabled: 0,
  }))
  await db.insertInto('users').values(names).execute()
  assert.equal(await completeAll(contextOn(db)), 1203)
  const left = await db.selectFrom('users').select('id').where('username_key', 'is', null).orderBy('id').execute()
  assert.deepEqual(
    left.map(({ id }) => id),
    [1201, 1202, 1203],
  )
  assert.equal((await searched(db, 'name 1199')).length, 1)
})

onBothEngines(
  'a user of a legacy database may send back an ill-formed or colliding name unchanged, and keeps it',
  async (_, db) => {
    const ctx = contextOn(db)
    await insertExternally(db, { username: 'Ada', email: 'ada@example.org' })
    const younger = await insertExternally(db, { username: 'ada', email: 'ADA@example.org' })
    const odd = await insertExternally(db, { username: 'a@b ', email: 'not-an-address' })
    await completeAll(ctx)
    for (const id of [younger, odd]) {
      const user = await findUserById(ctx, id)
      assert.ok(user)
      const { username, email } = user
      const changed = await updateUser(ctx, user, { username, email, fullName: 'Changed' })
      assert.deepEqual([changed.username, changed.email, changed.fullName], [username, email, 'Changed'])
      assert.equal((await findUserByName(ctx, username))?.id, id)
    }
  },
)

onBothEngines('externally inserted ids do not stop the next user', async (_, db) => {
  const ctx = contextOn(db)
  for (const id of [1, 2, 3]) await insertExternally(db, { id, username: `typed${id}` })
  const made = await inTransaction(ctx, (inside) => insertUser(inside, { username: 'next', role: 'user' }))
  assert.ok(made.id > 3)
  assert.ok((await insertUser(ctx, { username: 'after', role: 'user' })).id > made.id)
})

test('a name that is taken while a transaction completes rows does not stop other rows from getting their keys', async (t) => {
  const store = await newStore(t, 'postgres')
  const { db } = store
  const ctx = contextOn(db)
  const id = await insertExternally(db, { username: 'Ada' })
  const other = await store.open()
  const taken = await other.startTransaction().execute()
  await sql`insert into users (username, username_key) values ('ada', ${foldName('ada')})`.execute(taken)
  const completing = inTransaction(ctx, async (tx) => {
    await completeAll(tx)
    await noteSignIn(tx, (await findUserById(tx, id))?.subject ?? '')
  })
  const isBlocked = async (): Promise<boolean> => {
    const { rows } = await sql`select 1 from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(other)
    return rows.length > 0
  }
  let ended = false
  const end = (): void => void (ended = true)
  completing.then(end, end)
  while (!ended && !(await isBlocked()));
  await taken.commit().execute()
  await completing
  assert.equal((await findUserById(ctx, id))?.lastSignInAt, ctx.now)
  assert.notEqual((await findUserByName(ctx, 'ADA'))?.id, id)
})
