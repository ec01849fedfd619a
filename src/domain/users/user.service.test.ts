import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sql } from 'kysely'

import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import type { RefusalCode } from '../../foundation/kernel/refusal.ts'
import { Secret } from '../../foundation/kernel/secret.ts'
import { matchingUserIds } from '../../foundation/platform/database/search.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import { consumeGuess, userBuckets } from '../throttle/throttle.service.ts'
import { contextOn, newStore, onBothEngines } from '../../../test/support/databases/stores.ts'
import {
  updateUser,
  completeNextRows,
  completeRow,
  insertUser,
  deleteUserRow,
  findUser,
  findUserByEmail,
  findUserById,
  findUserByName,
  noteSignIn,
  requireOtherAdmin,
  userRowFindings,
} from './user.service.ts'
import { foldName } from './user.ts'
import { BEFORE_EVERY_ID } from './external-batch.ts'
import type { ExternalBatch } from './external-batch.ts'

function refusal(code: RefusalCode) {
  return (error: unknown): boolean => error instanceof Refusal && error.code === code
}

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

onBothEngines('a user is found by name in any case and Unicode form, by subject and by id', async (_, db) => {
  const ctx = contextOn(db)
  const made = await insertUser(ctx, { username: 'Jürgen', email: 'J@Example.org', fullName: 'J M', role: 'user' })
  assert.equal(made.disabled, false)
  assert.match(made.subject, /^[0-9a-f]{32}$/)
  for (const name of ['Jürgen', 'JÜRGEN', 'ju\u0308rgen', 'ｊürgen']) {
    assert.equal((await findUserByName(ctx, name))?.id, made.id, name)
  }
  assert.deepEqual(await findUser(ctx, made.subject), made)
  assert.deepEqual(await findUserById(ctx, made.id), made)
  for (const id of [made.id + 1, 2 ** 40, -1, 1.5, Number.NaN, Infinity]) {
    assert.equal(await findUserById(ctx, id), undefined)
  }
  for (const name of ['', 'nobody', 'a\0b', '\ud800']) assert.equal(await findUserByName(ctx, name), undefined)
  assert.deepEqual(await searched(db, 'example'), [made.id])
})

onBothEngines('an unverified email finds no user, and a changed one is unverified', async (_, db) => {
  const ctx = contextOn(db)
  const made = await insertUser(ctx, { username: 'ada', email: 'ada@example.org', role: 'user' })
  assert.equal(await findUserByEmail(ctx, 'ada@example.org'), undefined)
  const verified = await updateUser(ctx, made, { emailVerifiedAt: ctx.now })
  assert.equal((await findUserByEmail(ctx, 'ADA@example.ORG'))?.id, made.id)
  const same = await updateUser(ctx, verified, { email: 'ada@example.org' })
  assert.equal(same.emailVerifiedAt, ctx.now)
  const moved = await updateUser(ctx, same, { email: 'ada@example.net' })
  assert.equal(moved.emailVerifiedAt, null)
  assert.equal(await findUserByEmail(ctx, 'ada@example.org'), undefined)
})

onBothEngines('a username or email that is taken in any spelling is refused, with its field', async (_, db) => {
  const ctx = contextOn(db)
  await insertUser(ctx, { username: 'strasse', email: 'a@example.org', role: 'user' })
  const other = await insertUser(ctx, { username: 'bob', role: 'user' })
  await assert.rejects(insertUser(ctx, { username: 'STRAẞE', role: 'user' }), refusal('user.username_taken'))
  await assert.rejects(
    insertUser(ctx, { username: 'x', email: 'A@EXAMPLE.org', role: 'user' }),
    refusal('user.email_taken'),
  )
  await assert.rejects(updateUser(ctx, other, { username: 'Straße' }), (error) => {
    assert.ok(error instanceof Refusal && error.code === 'user.username_taken')
    return error.facts.faults?.[0]?.pointer === '/username'
  })
  await assert.rejects(updateUser(ctx, other, { email: 'a@example.org' }), refusal('user.email_taken'))
  assert.equal((await updateUser(ctx, other, { username: 'BOB' })).username, 'BOB')
})

onBothEngines(
  'an externally inserted username is found exactly before it is completed and cannot be taken again',
  async (_, db) => {
    const ctx = contextOn(db)
    const id = await insertExternally(db, { username: 'Grace', email: 'grace@example.org' })
    assert.equal((await findUserByName(ctx, 'Grace'))?.id, id)
    await assert.rejects(insertUser(ctx, { username: 'GRACE', role: 'user' }), refusal('user.username_taken'))
    await assert.rejects(
      insertUser(ctx, { username: 'x', email: 'GRACE@example.org', role: 'user' }),
      refusal('user.email_taken'),
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
      const taken = refusal('user.username_taken')
      await assert.rejects(insertUser(ctx, { username, role: 'user' }), taken)
      await assert.rejects(updateUser(ctx, bob, { username }), taken)
    }
    for (const email of ['Waits-599@example.org', 'waits-599@EXAMPLE.org']) {
      const taken = refusal('user.email_taken')
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

onBothEngines('a user cannot be renamed to an externally inserted username that is not completed', async (_, db) => {
  const ctx = contextOn(db)
  const bob = await insertUser(ctx, { username: 'bob', role: 'user' })
  await insertExternally(db, { username: 'Grace', email: 'Grace@example.org' })
  await assert.rejects(updateUser(ctx, bob, { username: 'grace' }), refusal('user.username_taken'))
  await assert.rejects(updateUser(ctx, bob, { email: 'grace@example.org' }), refusal('user.email_taken'))
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

onBothEngines('a change over an older revision is refused, and writes nothing', async (_, db) => {
  const ctx = contextOn(db)
  const read = await insertUser(ctx, { username: 'ada', role: 'user' })
  const changed = await updateUser(ctx, read, { fullName: 'Ada Lovelace' })
  assert.equal(changed.revision, read.revision + 1)
  await assert.rejects(updateUser(ctx, read, { fullName: 'Someone' }), refusal('user.stale'))
  await assert.rejects(deleteUserRow(ctx, read), refusal('user.stale'))
  assert.equal((await findUserById(ctx, read.id))?.fullName, 'Ada Lovelace')
  assert.deepEqual(await searched(db, 'lovelace'), [read.id])
  await noteSignIn(ctx, read.subject)
  const noted = await findUserById(ctx, read.id)
  assert.deepEqual([noted?.lastSignInAt, noted?.revision], [ctx.now, changed.revision])
})

onBothEngines(
  'a change of role, password, factor or disabled raises the epoch; a better hash or a name does not',
  async (_, db) => {
    const ctx = contextOn(db)
    let user = await insertUser(ctx, { username: 'ada', role: 'user', hashedPassword: Secret.of('one') })
    const raises = [
      { role: 'admin' },
      { disabled: true },
      { disabled: false },
      { hashedPassword: Secret.of('two') },
      { secondFactorAt: 5 },
    ] as const
    for (const change of raises) {
      const changed = await updateUser(ctx, user, change)
      assert.equal(changed.credentialEpoch, user.credentialEpoch + 1, JSON.stringify(change))
      user = changed
    }
    const keeps = [
      { role: 'admin' },
      { disabled: false },
      { fullName: 'A' },
      { username: 'ada2' },
      { secondFactorAt: 5 },
    ] as const
    for (const change of keeps) {
      const changed = await updateUser(ctx, user, change)
      assert.equal(changed.credentialEpoch, user.credentialEpoch, JSON.stringify(change))
      user = changed
    }
    const later = { ...ctx, now: ctx.now + 1 }
    const upgraded = await updateUser(later, user, { hashedPassword: Secret.of('three') }, { bumpEpoch: false })
    assert.deepEqual([upgraded.credentialEpoch, upgraded.passwordChangedAt], [user.credentialEpoch, ctx.now])
    assert.equal(upgraded.hashedPassword?.reveal(), 'three')
  },
)

onBothEngines('a deleted user is not found by the search, and the id is never reused', async (_, db) => {
  const ctx = contextOn(db)
  const made = await insertUser(ctx, { username: 'gone', role: 'user' })
  await deleteUserRow(ctx, made)
  assert.equal(await findUserByName(ctx, 'gone'), undefined)
  assert.deepEqual(await db.selectFrom('user_search').selectAll().execute(), [])
  assert.ok((await insertUser(ctx, { username: 'gone', role: 'user' })).id > made.id)
})

onBothEngines('the buckets of a deleted user are deleted, and no others', async (_, db) => {
  const ctx = contextOn(db)
  const gone = await insertUser(ctx, { username: 'gone', role: 'user' })
  const kept = await insertUser(ctx, { username: 'kept', role: 'user' })
  const buckets = [gone, kept].flatMap(({ subject }) => userBuckets(subject, ['password']))
  await consumeGuess(ctx, { network: '192.0.2.1', buckets })
  await deleteUserRow(ctx, gone)
  const left = await db.selectFrom('throttle_bucket').select('key').where('key', 'in', buckets).execute()
  assert.deepEqual(
    left.map(({ key }) => key),
    userBuckets(kept.subject, ['password']),
  )
})

onBothEngines('all invalid fields are reported at once, and no user is created', async (_, db) => {
  const ctx = contextOn(db)
  const wanted = { username: ' ', email: 'x', fullName: 'a\nb', role: 'user' } as const
  await assert.rejects(insertUser(ctx, wanted), (error) => {
    assert.ok(error instanceof Refusal && error.code === 'request.validation_failed')
    assert.deepEqual(
      error.facts.faults?.map(({ pointer }) => pointer),
      ['/username', '/email', '/full_name'],
    )
    return true
  })
})

onBothEngines(
  'the last admin who can act is kept; one without a second factor or disabled is no other',
  async (_, db) => {
    const ctx = contextOn(db)
    const last = await insertUser(ctx, { username: 'last', role: 'admin', secondFactorAt: 1 })
    await insertUser(ctx, { username: 'half', role: 'admin' })
    const off = await insertUser(ctx, { username: 'off', role: 'admin', secondFactorAt: 1 })
    for (const typed of [1, 'true', 'yes']) {
      await sql`update users set disabled = ${typed} where id = ${off.id}`.execute(db)
      await assert.rejects(
        inTransaction(ctx, (inside) => requireOtherAdmin(inside, last)),
        refusal('user.last_admin'),
      )
    }
    for (const typed of [0, '0', 'false', null]) {
      await sql`update users set disabled = ${typed} where id = ${off.id}`.execute(db)
      await inTransaction(ctx, (inside) => requireOtherAdmin(inside, last))
    }
  },
)

test('of two admins who remove each other at the same moment one stays (postgres)', async (t) => {
  const store = await newStore(t, 'postgres')
  const nodes = [contextOn(store.db), contextOn(await store.open())] as const
  for (let round = 0; round < 5; round++) {
    const pair = await Promise.all(
      ['a', 'b'].map((name) => insertUser(nodes[0], { username: `${name}${round}`, role: 'admin', secondFactorAt: 1 })),
    )
    const outcomes = await Promise.allSettled(
      pair.map((user, index) =>
        inTransaction(nodes[index]!, async (inside) => {
          await requireOtherAdmin(inside, user)
          await deleteUserRow(inside, user)
        }),
      ),
    )
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
    const left = await nodes[0].db.selectFrom('users').selectAll().execute()
    assert.equal(left.length, 1)
    await nodes[0].db.deleteFrom('users').execute()
  }
})

onBothEngines('of parallel creations of one name exactly one succeeds', async (_, db) => {
  const ctx = contextOn(db)
  const names = ['Ada', 'ada', 'ADA', 'aDa', 'adA', 'ａda']
  const outcomes = await Promise.allSettled(names.map((username) => insertUser(ctx, { username, role: 'user' })))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  assert.equal(refused.length, names.length - 1)
  for (const { reason } of refused) assert.ok(refusal('user.username_taken')(reason))
})

test('the search for an unknown username runs the same statements as for a known one', async (t) => {
  for (const engine of ['sqlite', 'postgres'] as const) {
    const store = await newStore(t, engine)
    await insertUser(contextOn(store.db), { username: 'known', role: 'user' })
    const statements: string[] = []
    const ctx = contextOn(await store.open({ onStatement: (text) => statements.push(text) }))
    const statementsFor = async (name: string): Promise<string[]> => {
      statements.length = 0
      await findUserByName(ctx, name)
      return [...statements]
    }
    await statementsFor('warm up')
    const known = await statementsFor('known')
    assert.equal(known.length, 1)
    assert.deepEqual(await statementsFor('unknown'), known)
  }
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
