// The list of users in an admin’s browser without scripts: search, filters, order and pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sql } from 'kysely'

import { minutes } from '../../src/foundation/kernel/time.ts'
import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { hiddenIn, textIn, valueIn } from '../support/pages/page-answers.ts'
import { newcomer } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { scene, invite, namesOn } from '../support/pages/admin-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

/** The target of the link with this relation. */
function linkOn(page: string, rel: 'next' | 'prev'): string | undefined {
  return parsePage(page).related(rel)
}

/** The number of users that the filter shows. */
function countOn(page: string, filter: string): string | undefined {
  const names = parsePage(page).region('Show').links()
  return names.find((name) => name.startsWith(`${filter} `))?.slice(filter.length + 1)
}

/** Asserts that the column is sorted so, and that its heading links to the other order. */
function assertColumn(page: string, name: string, order: string, sort: string): void {
  assert.equal(parsePage(page).order(name), order)
  assert.equal(parsePage(page).table().columns.includes(name), true)
  assert.equal(parsePage(page).main.link(name), `/admin/users?sort=${sort}`)
}

onEachDatabase(
  'an admin sees all users with status and second factor, and filters say how many each holds',
  async (t, dialect) => {
    const { server, admin, browser } = await scene(t, dialect)
    await givePasskey(await newcomer(admin, 'ada', { email: 'ada@example.org', full_name: 'Ada Lovelace' }))
    const [emil = 0, oskar = 0] = await invite(server, 'emil', 'oskar')
    await createUser(server.operator(), { username: 'karla', invite: false })
    await admin.asks('POST', `/users/${oskar}/disable`)
    const { statusCode, body, headers } = await browser.open('/admin/users')
    assert.equal(statusCode, 200)
    assert.equal(headers['cache-control'], 'no-store')
    assert.deepEqual(namesOn(body), ['ada', 'emil', 'karla', 'oskar', 'root'])
    assert.equal(parsePage(body).heading, 'Users (5)')
    const counts = ['All', 'Active', 'Invited', 'No second step', 'Disabled', 'Admins'].map((one) => countOn(body, one))
    assert.deepEqual(counts, ['5', '2', '1', '1', '1', '1'])
    const { columns, rows } = parsePage(body).table()
    const steps = rows.map((cells) => cells[columns.indexOf('Second\u00A0step')])
    assert.deepEqual(steps, ['Passkey', '–', '–', '–', 'App'])
    assert.match(
      textIn(body, `user-${emil}`),
      /^emil – User Invited Invitation runs out in 7 days New invitation for emil/,
    )
    assert.match(parsePage(body).table().rows[0]?.join(' ') ?? '', /Ada Lovelace.* ada@example\.org /)
    assert.match(textIn(body, 'found'), /^5 users$/)
    for (const [filter, names] of [
      ['status=active', ['ada', 'root']],
      ['status=invited', ['emil']],
      ['status=no-factor', ['karla']],
      ['status=disabled', ['oskar']],
      ['role=admin', ['root']],
    ] as const) {
      const page = (await browser.open(`/admin/users?${filter}`)).body
      assert.deepEqual(namesOn(page), names, filter)
      assert.equal(parsePage(page).region('Show').current(), `/admin/users?${filter}`)
    }
    server.clock.pass(minutes(50))
    await browser.open('/account')
  },
)

onEitherDatabase(
  'a search finds users, keeps filter and order, counts within what it found, and can be cleared',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    await invite(server, 'bobby', 'bob', 'carol')
    await createUser(server.operator(), { username: 'kate', fullName: 'Kate Bobson', invite: false })
    const page = (await browser.open('/admin/users?q=bob&status=invited&sort=-username')).body
    assert.deepEqual(namesOn(page), ['bobby', 'bob'])
    assert.deepEqual([countOn(page, 'All'), countOn(page, 'Invited'), countOn(page, 'Admins')], ['3', '2', '0'])
    assert.equal(parsePage(page).heading, 'Users (5)', 'the heading counts all users, whatever is searched for')
    assert.equal(textIn(page, 'found'), '2 users found for “bob”.')
    assert.equal(parsePage(page).link('Clear search'), '/admin/users?status=invited&sort=-username')
    assert.equal(valueIn(page, 'q'), 'bob')
    assert.deepEqual([hiddenIn(page, 'status'), hiddenIn(page, 'sort')], ['invited', '-username'])
    const none = (await browser.open('/admin/users?q=%3Cb%3Enobody')).body
    assert.match(parsePage(none).text, /Nobody matches “<b>nobody”\./)
    assert.deepEqual(parsePage(none).main.linksTo('/admin/users').includes('Clear search'), true)
    assert.doesNotMatch(none, /name="action"/)
    const empty = (await browser.open('/admin/users?status=disabled')).body
    assert.match(parsePage(empty).text, /Nobody is in this list\..*Show everyone/)
  },
)

onEitherDatabase(
  'three hundred users are paged through to the end and back, each seen once in each direction',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    const rows = Array.from({ length: 299 }, (_, at) => {
      const username = `user-${String(at).padStart(3, '0')}`
      // A third of the users have no date; these come first or last, depending on the order.
      return {
        username,
        username_key: username.toUpperCase(),
        role: 'user',
        disabled: 0,
        created_at: at % 3 === 0 ? null : 1_700_000_000_000 + (at % 7),
      }
    })
    await server.doorward.db.insertInto('users').values(rows).execute()
    for (const sort of ['username', '-username', 'created_at', '-created_at', '-last_sign_in_at', 'email']) {
      const pages: string[][] = []
      let at: string | undefined = `/admin/users?sort=${sort}`
      let last = ''
      while (at !== undefined) {
        const { body, statusCode } = await browser.open(at)
        assert.equal(statusCode, 200)
        pages.push(namesOn(body))
        last = body
        const onFirst = pages.length === 1
        const { text } = parsePage(body)
        assert.equal(text.includes('First page'), !onFirst, sort)
        assert.equal(text.includes(`from ${pages.at(-1)?.at(0)} on`), !onFirst, sort)
        at = linkOn(body, 'next')
        assert.ok(pages.length <= 6, 'the list does not end')
      }
      assert.deepEqual(
        pages.map((page) => page.length),
        [50, 50, 50, 50, 50, 50],
        sort,
      )
      assert.equal(new Set(pages.flat()).size, 300, sort)
      for (const page of pages.slice(0, -1).toReversed()) {
        const back = linkOn(last, 'prev')
        assert.ok(back, sort)
        last = (await browser.open(back)).body
        assert.deepEqual(namesOn(last), page, sort)
        assert.ok(linkOn(last, 'next'), sort)
      }
      assert.equal(linkOn(last, 'prev'), undefined, sort)
    }
  },
)

onEitherDatabase(
  'going back never ends on half a page, although users are added and deleted meanwhile',
  async (t, dialect) => {
    const { server, admin, browser } = await scene(t, dialect)
    const rows = Array.from({ length: 60 }, (_, at) => {
      const username = `m${String(at).padStart(2, '0')}`
      return { username, username_key: username.toUpperCase(), role: 'user', disabled: 0 }
    })
    await server.doorward.db.insertInto('users').values(rows).execute()
    const second = linkOn((await browser.open('/admin/users')).body, 'next') ?? ''
    const back = linkOn((await browser.open(second)).body, 'prev') ?? ''
    const gone = await admin.asks('GET', '/users?q=m07')
    const [{ id } = { id: 0 }] = gone.body['items'] as { id: number }[]
    await admin.asks('DELETE', `/users/${id}`)
    const first = (await browser.open(back)).body
    assert.equal(namesOn(first).length, 50)
    assert.equal(linkOn(first, 'prev'), undefined)
    await sql`delete from users where username like 'm5%' or username = 'm49'`.execute(server.doorward.db)
    const past = (await browser.open(second)).body
    assert.deepEqual(namesOn(past), ['root'], 'what is after the place')
    assert.ok(linkOn(past, 'prev'))
    await sql`delete from users where username like 'm%'`.execute(server.doorward.db)
    assert.equal(linkOn((await browser.open(second)).body, 'prev'), undefined, 'no user is before the cursor any more')
  },
)

onEitherDatabase(
  'sortable columns show their order, and link to the reverse order without the old cursor',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    await invite(server, 'zoe', 'abe')
    const page = (await browser.open('/admin/users')).body
    assertColumn(page, 'Username', 'ascending', '-username')
    assertColumn(page, 'Last sign-in', 'none', '-last_sign_in_at')
    const newest = (await browser.open('/admin/users?sort=-created_at')).body
    assert.equal(parsePage(page).link('newest first'), '/admin/users?sort=-created_at')
    assert.ok(!parsePage(page).has('link', 'by username'))
    assert.equal(parsePage(newest).link('by username'), '/admin/users')
    assert.ok(!parsePage(newest).has('link', 'newest first'))
    assert.equal(namesOn(newest).at(-1), 'root')
    const latest = (await browser.open('/admin/users?sort=-last_sign_in_at')).body
    assert.equal(namesOn(latest)[0], 'root')
    assertColumn(latest, 'Last sign-in', 'descending', 'last_sign_in_at')
  },
)

test('an unknown query shows the first page', async (t) => {
  const { server, browser } = await scene(t, 'postgres')
  await invite(server, 'ada')
  for (const query of [
    'after=x',
    'before=%7B%7D',
    'sort=password',
    'status=everyone',
    'q=%00',
    'q=a&q=b',
    `q=${'x'.repeat(300)}`,
    'cursor=1',
    'role=user',
    'done=nothing',
    'after=eyJzb3J0IjoidXNlcm5hbWUiLCJrZXkiOjUsImlkIjoxfQ',
  ]) {
    const { statusCode, body } = await browser.open(`/admin/users?${query}`)
    assert.equal(statusCode, 200, query)
    assert.deepEqual(namesOn(body), ['ada', 'root'], query)
  }
})

test('a flash message is shown above the list', async (t) => {
  const { browser } = await scene(t, 'sqlite')
  browser.cookies.set('done', 'deleted')
  const page = parsePage(await browser.open('/admin/users?done=deleted'))
  assert.ok(page.withRole('status').includes('The account is deleted.'), page.withRole('status').join(' | '))
})

test('an admin who is the only user is shown how to invite another', async (t) => {
  const { browser } = await scene(t, 'sqlite')
  const page = parsePage(await browser.open('/admin/users'))
  assert.match(page.text, /Only you so far\. Invite someone/)
  assert.equal(page.link('Invite someone'), '/admin/users/new')
})

onEitherDatabase(
  'names with markup, long names and names written from right to left are shown as isolated text',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    const long = 'w'.repeat(64)
    const fullName = 'נועה בן־דוד'
    for (const username of ['<script>1</script>', long, 'נועה'])
      await createUser(server.operator(), { username, fullName })
    const page = (await browser.open('/admin/users')).body
    assert.doesNotMatch(page, /<script>1/)
    assert.ok(page.includes('<bdi>&lt;script&gt;1&lt;/script&gt;</bdi>'))
    assert.ok(
      page.includes(`<bdi>${long}</bdi>`) &&
        page.includes('<bdi>נועה</bdi>') &&
        page.includes(`<bdi>${fullName}</bdi>`),
    )
    const ids = [...page.matchAll(/name="(user-\d+)"/g)].map(([, field = '']) => field)
    const fields = Object.fromEntries(ids.map((field) => [field, 'yes']))
    const asks = await browser.submit('/admin/users/bulk', { action: 'invite', ...fields })
    const done = await browser.submit('/admin/users/bulk', { action: 'invite', confirmed: 'yes', ...fields })
    for (const { body, statusCode } of [asks, done]) {
      assert.equal(statusCode, 200)
      assert.doesNotMatch(body, /<script>1/)
      assert.ok(body.includes('&lt;script&gt;1&lt;/script&gt;'))
    }
  },
)
