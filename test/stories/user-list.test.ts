// Searching and listing users, page by page, through HTTP.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { newcomer, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { idOf, itemsOf, nextPageOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** More pages than any list of these tests has. */
const MOST_PAGES = 50

async function create(root: Person, username: string, fields: object = {}): Promise<void> {
  const reply = await root.asks('POST', '/users', { username, ...fields })
  assert.equal(reply.status, 200, reply.raw.body)
}

function namesIn(reply: Reply): string[] {
  return itemsOf(reply).map(({ username }) => String(username))
}

/** The usernames of every page, along the `Link` headers; `between` runs before each further page. */
async function namesFrom(root: Person, first: string, between: (page: number) => Promise<void> = async () => {}) {
  const names: string[] = []
  for (let path: string | undefined = first, page = 0; path !== undefined; page++) {
    assert.ok(page < MOST_PAGES, 'the pages have no end')
    if (page > 0) await between(page)
    const reply: Reply = await root.asks('GET', path)
    names.push(...namesIn(reply))
    path = nextPageOf(reply)
    const cursor = path && new URLSearchParams(path.split('?')[1]).get('cursor')
    assert.equal(reply.body['next_cursor'], cursor ?? null, 'header and body lead to different pages')
  }
  return names
}

onEitherDatabase(
  'a user who exists throughout is on exactly one page, whatever is added and deleted meanwhile',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const lasting = ['c', 'f', 'i', 'l', 'o', 'r']
    for (const username of [...lasting, 'd', 'p']) await create(root, username)
    const seen = await namesFrom(root, '/users?limit=3', async (page) => {
      await create(root, `a${page}`)
      await create(root, `z${page}`)
      if (page > 1) return
      const { id } = itemsOf(await root.asks('GET', '/users?q=p'))[0] ?? {}
      assert.equal((await root.asks('DELETE', `/users/${String(id)}`)).status, 204)
    })
    assert.deepEqual(seen, [...new Set(seen)].toSorted(), 'a user is listed twice, or out of order')
    assert.deepEqual(
      seen.filter((name) => lasting.includes(name)),
      lasting,
    )
    assert.ok(!seen.includes('p') && !seen.includes('a1') && seen.includes('z1'))
  },
)

leaveToTestAll()

onEitherDatabase(
  'the list is in the requested order, in both directions, and the same in pages as in one piece',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const { clock } = root.server
    await create(root, 'b', { email: 'z@example.org' })
    clock.pass(minutes(1))
    await create(root, 'Z')
    clock.pass(minutes(1))
    await create(root, 'a', { email: 'Y@example.org' })
    await create(root, 'é')
    clock.pass(minutes(1))
    await (await newcomer(root, 'c', { email: 'x@example.org' })).signsIn()
    // A user without an email, or without a sign-in, sorts first; equal values are ordered by id.
    const wanted = {
      username: ['a', 'b', 'c', 'root', 'Z', 'é'],
      email: ['root', 'Z', 'é', 'c', 'a', 'b'],
      created_at: ['root', 'b', 'Z', 'a', 'é', 'c'],
      last_sign_in_at: ['b', 'Z', 'a', 'é', 'root', 'c'],
    }
    for (const [sort, names] of Object.entries(wanted)) {
      assert.deepEqual(namesIn(await root.asks('GET', `/users?sort=${sort}`)), names, sort)
      assert.deepEqual(await namesFrom(root, `/users?limit=2&sort=${sort}`), names, `${sort} in pages`)
      const backwards = await namesFrom(root, `/users?limit=2&sort=-${sort}`)
      assert.deepEqual(backwards, names.toReversed(), `-${sort}`)
    }
  },
)

onEitherDatabase(
  'users are found by any part of their names, in whatever case and Unicode form',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    await create(root, 'jürgen', { full_name: 'Jürgen Groß', email: 'jg@example.org' })
    await create(root, 'percy', { full_name: '100% of_them "quoted"', email: 'percy@example.com' })
    const found: [q: string, names: string[]][] = [
      ['ürg', ['jürgen']],
      ['JÜRGEN', ['jürgen']],
      ['ju\u0308rgen', ['jürgen']],
      ['GROSS', ['jürgen']],
      ['example', ['jürgen', 'percy']],
      [' percy ', ['percy']],
      ['EXAMPLE.COM', ['percy']],
      // Fewer than three characters match the beginning of a username or email only.
      ['j', ['jürgen']],
      ['PE', ['percy']],
      ['rg', []],
      // No character is a wildcard or an operator.
      ['%', []],
      ['0% o', ['percy']],
      ['f_t', ['percy']],
      ['o%f', []],
      ['___', []],
      ['"quo', ['percy']],
      ['percy OR jürgen', []],
      ['per*', []],
      ['', ['jürgen', 'percy', 'root']],
    ]
    for (const [q, names] of found) {
      assert.deepEqual(namesIn(await root.asks('GET', `/users?q=${encodeURIComponent(q)}`)), names, JSON.stringify(q))
    }
    const { id } = itemsOf(await root.asks('GET', '/users?q=percy'))[0] ?? {}
    await root.asks('PATCH', `/users/${String(id)}`, { username: 'percival', full_name: null })
    assert.deepEqual(namesIn(await root.asks('GET', '/users?q=quoted')), [])
    assert.deepEqual(namesIn(await root.asks('GET', '/users?q=ival')), ['percival'])
  },
)

onEitherDatabase('filters narrow the list together, and every user has exactly one status', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  await create(root, 'invited')
  await create(root, 'invited-admin', { role: 'admin' })
  const off = await (await newcomer(root, 'off')).signsIn()
  await root.asks('POST', `/users/${await idOf(off)}/disable`)
  const lost = await (await newcomer(root, 'lost')).signsIn()
  await root.asks('POST', `/users/${await idOf(lost)}/reset-second-factor`, { reason: 'Lost phone.' })
  const wanted: [query: string, names: string[]][] = [
    ['status=active', ['root']],
    ['status=invited', ['invited', 'invited-admin']],
    ['status=disabled', ['off']],
    ['status=no-factor', ['lost']],
    ['role=admin', ['invited-admin', 'root']],
    ['role=user', ['invited', 'lost', 'off']],
    ['role=admin&status=invited', ['invited-admin']],
    ['role=user&status=active', []],
    ['second_factor=app', ['off', 'root']],
    ['second_factor=app&status=active', ['root']],
    ['second_factor=passkey', []],
    ['second_factor=none&role=user', ['invited', 'lost']],
    ['q=invited&role=user', ['invited']],
  ]
  for (const [query, names] of wanted) {
    assert.deepEqual(namesIn(await root.asks('GET', `/users?${query}`)), names, query)
    assert.deepEqual(await namesFrom(root, `/users?limit=1&${query}`), names, `${query} in pages`)
  }
})
