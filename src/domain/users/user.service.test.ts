import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { consumeGuess, userBuckets } from '#domain/throttle/throttle.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { LostUpdate } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { matchingUserIds } from '#foundation/platform/database/search.ts'
import { contextOn, newStore, onBothEngines } from '#test/support/databases/stores.ts'
import { refusedWith } from '#test/support/refused-with.ts'
import { requireOtherAdmin } from './acting-admins.service.ts'
import {
  deleteUserRow,
  findUser,
  findUserByEmail,
  findUserById,
  findUserByName,
  insertUser,
  noteSignIn,
  updateUser,
} from './user.service.ts'

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
  await assert.rejects(insertUser(ctx, { username: 'STRAẞE', role: 'user' }), refusedWith('user.username_taken'))
  await assert.rejects(
    insertUser(ctx, { username: 'x', email: 'A@EXAMPLE.org', role: 'user' }),
    refusedWith('user.email_taken'),
  )
  await assert.rejects(updateUser(ctx, other, { username: 'Straße' }), (error) => {
    assert.ok(error instanceof Refusal && error.code === 'user.username_taken')
    return error.facts.fieldErrors?.[0]?.pointer === '/username'
  })
  await assert.rejects(updateUser(ctx, other, { email: 'a@example.org' }), refusedWith('user.email_taken'))
  assert.equal((await updateUser(ctx, other, { username: 'BOB' })).username, 'BOB')
})

onBothEngines('a change over an older revision is refused, and writes nothing', async (_, db) => {
  const ctx = contextOn(db)
  const read = await insertUser(ctx, { username: 'ada', role: 'user' })
  const changed = await updateUser(ctx, read, { fullName: 'Ada Lovelace' })
  assert.equal(changed.revision, read.revision + 1)
  await assert.rejects(updateUser(ctx, read, { fullName: 'Someone' }), LostUpdate)
  await assert.rejects(deleteUserRow(ctx, read), LostUpdate)
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
      error.facts.fieldErrors?.map(({ pointer }) => pointer),
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
        refusedWith('user.last_admin'),
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
  for (const { reason } of refused) assert.ok(refusedWith('user.username_taken')(reason))
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
