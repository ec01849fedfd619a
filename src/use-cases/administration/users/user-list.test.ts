import assert from 'node:assert/strict'
import { test } from 'node:test'

import { insertUser, updateUser } from '#domain/users/user.service.ts'
import type { User, UserStatus } from '#domain/users/user.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { contextOn, onBothEngines } from '#test/support/databases/stores.ts'
import { listUsers } from './user-list.service.ts'
import {
  cursorOf,
  orderOf,
  positionIn,
  segmentsFrom,
  type SortText,
  type StrongestFactor,
  type UserCursor,
  type UserListing,
} from './user-list.ts'

const AT = 1_800_000_000_000

function listing(given: Partial<UserListing> & { sort?: SortText } = {}): UserListing {
  const { sort = 'username', ...rest } = given
  return { order: orderOf(sort), limit: 50, after: null, ...rest }
}

async function add(
  db: Database,
  username: string,
  given: { email?: string; fullName?: string; at?: number } = {},
): Promise<User> {
  const { at = AT, ...rest } = given
  return insertUser(contextOn(db, { now: at }), { username, role: 'user', ...rest })
}

async function names(db: Database, given: Parameters<typeof listing>[0]): Promise<string[]> {
  const { items } = await listUsers(contextOn(db), listing(given))
  return items.map(({ username }) => username)
}

/** All pages, with `between` run after the first. */
async function throughPages(
  db: Database,
  given: Parameters<typeof listing>[0],
  between?: () => Promise<unknown>,
): Promise<number[]> {
  const seen: number[] = []
  let after: UserCursor | null = null
  do {
    const page = await listUsers(contextOn(db), listing({ ...given, after }))
    seen.push(...page.items.map(({ id }) => id))
    if (after === null) await between?.()
    after = page.next
  } while (after !== null)
  return seen
}

test('users without a sort key come first ascending and last descending, and a page continues after the last one', () => {
  const order = { by: 'username', descending: false } as const
  const down = { ...order, descending: true }
  const keyed = { key: 'ada', id: 3 }
  const keyless = { key: null, id: 9 }
  assert.deepEqual(
    segmentsFrom(order, null).map(({ of }) => of),
    ['keyless', 'keyed'],
  )
  assert.deepEqual(
    segmentsFrom(down, null).map(({ of }) => of),
    ['keyed', 'keyless'],
  )
  assert.deepEqual(segmentsFrom(order, keyed), [{ of: 'keyed', after: keyed }])
  assert.deepEqual(segmentsFrom(order, keyless), [
    { of: 'keyless', after: keyless },
    { of: 'keyed', after: null },
  ])
  assert.deepEqual(segmentsFrom(down, keyed), [
    { of: 'keyed', after: keyed },
    { of: 'keyless', after: null },
  ])
  assert.deepEqual(segmentsFrom(down, keyless), [{ of: 'keyless', after: keyless }])
})

test('a cursor is valid under its own order only, with a key of the right type', () => {
  const order = orderOf('-last_sign_in_at')
  const position = { key: 5, id: 1 }
  assert.deepEqual(positionIn(cursorOf(position, order), order), position)
  assert.deepEqual(positionIn({ sort: '-last_sign_in_at', key: null, id: 1 }, order), { key: null, id: 1 })
  assert.equal(positionIn(cursorOf(position, order), orderOf('last_sign_in_at')), undefined)
  assert.equal(positionIn(cursorOf(position, order), orderOf('-created_at')), undefined)
  assert.equal(positionIn({ sort: '-last_sign_in_at', key: '5', id: 1 }, order), undefined)
})

onBothEngines('pages contain every user once, with equal and missing sort keys, in both directions', async (_, db) => {
  const users: User[] = []
  for (const name of ['g', 'a', 'e', 'c', 'b', 'f', 'd']) users.push(await add(db, name))
  for (const user of users.slice(0, 4)) await updateUser(contextOn(db), user, { lastSignInAt: AT + (user.id % 2) })
  const all = users.map(({ id }) => id).toSorted((a, b) => a - b)
  for (const sort of ['username', 'email', 'created_at', 'last_sign_in_at'] as const) {
    for (const limit of [1, 2, 3, 7, 8]) {
      const up = await throughPages(db, { sort, limit })
      const down = await throughPages(db, { sort: `-${sort}`, limit })
      assert.deepEqual(
        up.toSorted((a, b) => a - b),
        all,
        `${sort} by ${limit}`,
      )
      assert.deepEqual(down, up.toReversed(), `${sort} by ${limit}`)
    }
  }
})

onBothEngines('users who are added concurrently move no other user to another page', async (_, db) => {
  const before = [await add(db, 'b'), await add(db, 'd'), await add(db, 'f')]
  const seen = await throughPages(db, { limit: 2 }, async () => {
    await add(db, 'a')
    await add(db, 'c')
  })
  assert.deepEqual(
    seen,
    before.map(({ id }) => id),
  )
  const equal = await throughPages(db, { sort: 'created_at', limit: 2 }, () => add(db, 'z'))
  assert.equal(new Set(equal).size, equal.length)
})

onBothEngines('three characters are found anywhere, and none of them is a wildcard or an operator', async (_, db) => {
  await add(db, 'ada', { email: 'ada@example.org', fullName: 'Augusta Ada King' })
  await add(db, '100%_sure')
  await add(db, 'say "hi" *', { fullName: 'Ämilie OR NOT' })
  await add(db, 'back\\slash')
  const found: [string, string[]][] = [
    ['ust', ['ada']],
    ['AUGUSTA', ['ada']],
    ['example.org', ['ada']],
    ['ada king', ['ada']],
    ['0%_', ['100%_sure']],
    ['%_s', ['100%_sure']],
    ['a%a', []],
    ['a_a', []],
    ['"hi"', ['say "hi" *']],
    ['" *', ['say "hi" *']],
    ['ad*', []],
    ['or not', ['say "hi" *']],
    ['ÄMI', ['say "hi" *']],
    ['ck\\sl', ['back\\slash']],
    ['ada NOT grace', []],
  ]
  for (const [q, wanted] of found) assert.deepEqual(await names(db, { q }), wanted, q)
})

onBothEngines('one or two characters find the beginnings of usernames and emails only', async (_, db) => {
  await add(db, 'ada', { email: 'zoe@example.org', fullName: 'Bob' })
  await add(db, '%x')
  await add(db, '_y')
  await add(db, '"q')
  const found: [string, string[]][] = [
    ['a', ['ada']],
    ['AD', ['ada']],
    ['d', []],
    ['z', ['ada']],
    ['bo', []],
    ['%', ['%x']],
    ['_', ['_y']],
    ['"', ['"q']],
    ['*', []],
    ['\\', []],
  ]
  for (const [q, wanted] of found) assert.deepEqual(await names(db, { q }), wanted, q)
  assert.equal((await names(db, { q: '  ' })).length, 4)
})

onBothEngines(
  'status and role are filtered as the rules evaluate them, whatever was inserted externally',
  async (_, db) => {
    const ctx = contextOn(db)
    const add = (username: string, given: object = {}) => insertUser(ctx, { username, role: 'user', ...given })
    await add('active', { secondFactorAt: AT, invitedAt: AT })
    await add('invited', { invitedAt: AT })
    await add('no-factor')
    await updateUser(ctx, await add('disabled', { secondFactorAt: AT }), { disabled: true })
    await add('admin', { role: 'admin', secondFactorAt: AT })
    await db
      .insertInto('users')
      .values({ username: 'typed', username_key: 'TYPED', disabled: 'yes', role: 'root' })
      .execute()
    const found: [UserStatus, string[]][] = [
      ['active', ['active', 'admin']],
      ['invited', ['invited']],
      ['no-factor', ['no-factor']],
      ['disabled', ['disabled', 'typed']],
    ]
    for (const [status, wanted] of found) assert.deepEqual((await names(db, { status })).toSorted(), wanted, status)
    await updateUser(ctx, await add('keyed', { secondFactorAt: AT }), { passkeyAt: AT })
    // A passkey without a confirmed second factor, as an externally changed row may have.
    await db.insertInto('users').values({ username: 'lost', disabled: 0, passkey_at: AT }).execute()
    const withFactor = async (secondFactor: StrongestFactor) => (await names(db, { secondFactor })).toSorted()
    assert.deepEqual(await withFactor('passkey'), ['keyed'])
    assert.deepEqual(await withFactor('app'), ['active', 'admin', 'disabled'])
    assert.deepEqual(await withFactor('none'), ['invited', 'lost', 'no-factor', 'typed'])
    assert.deepEqual((await names(db, { secondFactor: 'app', status: 'active', q: 'act' })).toSorted(), ['active'])
    await db.deleteFrom('users').where('username', 'in', ['keyed', 'lost']).execute()
    assert.deepEqual(await names(db, { role: 'admin' }), ['admin'])
    assert.equal((await names(db, { role: 'user' })).length, 5)
    assert.deepEqual(await names(db, { role: 'user', status: 'active', q: 'act' }), ['active'])
  },
)
