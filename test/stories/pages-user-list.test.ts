// The list of users in an admin’s browser without scripts: search, filters, order and pages.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { adminScene, invite, namesOn } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { insertGeneratedUsers } from '../support/people/generated-users.ts'
import { newcomer } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** The number of users that the filter shows. */
function countOn(page: ParsedPage, filter: string): string | undefined {
  const names = page.region('Show').links()
  return names.find((name) => name.startsWith(`${filter} `))?.slice(filter.length + 1)
}

/** Asserts that the column is sorted so, and that its heading links to the other order. */
function assertColumn(page: ParsedPage, name: string, order: string, sort: string): void {
  assert.equal(page.order(name), order)
  assert.ok(page.table().columns.includes(name))
  assert.equal(page.main.link(name), `/admin/users?sort=${sort}`)
}

leaveToTestAll()

onEachDatabase(
  'an admin sees all users with status and second factor, and filters say how many each holds',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    await givePasskey(await newcomer(admin, 'ada', { email: 'ada@example.org', full_name: 'Ada Lovelace' }))
    const [emil = 0, oskar = 0] = await invite(server, 'emil', 'oskar')
    await createUser(server.operator(), { username: 'karla', invite: false })
    await admin.asks('POST', `/users/${oskar}/disable`)
    const answer = await browser.open('/admin/users')
    assert.deepEqual([answer.statusCode, answer.headers['cache-control']], [200, 'no-store'])
    const all = parsePage(answer)
    assert.deepEqual(namesOn(all), ['ada', 'emil', 'karla', 'oskar', 'root'])
    assert.equal(all.heading, 'Users (5)')
    const counts = ['All', 'Active', 'Invited', 'No second step', 'Disabled', 'Admins'].map((one) => countOn(all, one))
    assert.deepEqual(counts, ['5', '2', '1', '1', '1', '1'])
    const { columns, rows } = all.table()
    const steps = rows.map((cells) => cells[columns.indexOf('Second\u00A0step')])
    assert.deepEqual(steps, ['Passkey', '–', '–', '–', 'App'])
    const invited = all.part(`user-${emil}`).text
    assert.match(
      invited,
      /^emil – Invited – never Actions for emil Invitation expires in 7 days Open Create invitation Disable Delete$/,
    )
    assert.match(rows[0]?.join(' ') ?? '', /Ada Lovelace.* ada@example\.org /)
    assert.deepEqual(all.part(`user-${oskar}`).links(), ['oskar', 'Open', 'Delete'])
    assert.equal(all.part(`user-${oskar}`).button('Enable').action, `/admin/users/${oskar}/enable`)
    assert.deepEqual(all.part('user-1').links(), ['root', 'Open'], 'what would end the reader’s own access')
    assert.equal(all.part('found').text, '5 users')
    for (const [filter, names] of [
      ['status=active', ['ada', 'root']],
      ['status=active&second_factor=passkey', ['ada']],
      ['status=active&second_factor=app', ['root']],
      ['status=invited', ['emil']],
      ['status=no-factor', ['karla']],
      ['status=disabled', ['oskar']],
      ['role=admin', ['root']],
    ] as const) {
      const page = await browser.page(`/admin/users?${filter}`)
      assert.deepEqual(namesOn(page), names, filter)
      assert.equal(page.region('Show').current(), `/admin/users?${filter}`)
    }
    const active = await browser.page('/admin/users?status=active')
    assert.deepEqual([countOn(active, 'Passkey'), countOn(active, 'App')], ['1', '1'])
    const found = await browser.page('/admin/users?q=ada&status=active&second_factor=passkey')
    assert.deepEqual([namesOn(found), countOn(found, 'App')], [['ada'], '0'])
  },
)

onEitherDatabase(
  'a search finds users, keeps filter and order, counts within what it found, and can be cleared',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    await invite(server, 'bobby', 'bob', 'carol')
    await createUser(server.operator(), { username: 'kate', fullName: 'Kate Bobson', invite: false })
    const page = await browser.page('/admin/users?q=bob&status=invited&sort=-username')
    assert.deepEqual(namesOn(page), ['bobby', 'bob'])
    assert.deepEqual([countOn(page, 'All'), countOn(page, 'Invited'), countOn(page, 'Admins')], ['3', '2', '0'])
    assert.equal(page.heading, 'Users (5)', 'the heading counts all users, whatever is searched for')
    assert.equal(page.part('found').text, '2 users found for “bob”.')
    assert.equal(page.link('Clear search'), '/admin/users?status=invited&sort=-username')
    assert.equal(page.sent('q'), 'bob')
    assert.deepEqual([page.hidden('status'), page.hidden('sort')], ['invited', '-username'])
    const none = await browser.page('/admin/users?q=%3Cb%3Enobody')
    assert.match(none.text, /No users match “<b>nobody”/)
    assert.ok(none.main.linksTo('/admin/users').includes('Clear search'))
    assert.equal(none.count('[name=action]'), 0)
    const empty = await browser.page('/admin/users?status=disabled')
    assert.match(empty.text, /No users here.*Show all users/)
  },
)

onEitherDatabase(
  'three hundred users are paged through to the end and back, each seen once in each direction',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
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
      let shown = await browser.page(`/admin/users?sort=${sort}`)
      for (let next: string | undefined = ''; next !== undefined; next = shown.related('next')) {
        if (next !== '') shown = await browser.page(next)
        pages.push(namesOn(shown))
        const onFirst = pages.length === 1
        assert.equal(shown.text.includes('First page'), !onFirst, sort)
        assert.equal(shown.part('found').text, rangeOf(pages.length), sort)
        assert.ok(pages.length <= 6, 'the list does not end')
      }
      assert.ok(pages.length === 6 && pages.every((page) => page.length === 50), sort)
      assert.equal(new Set(pages.flat()).size, 300, sort)
      for (const [at, page] of [...pages.entries()].slice(0, -1).toReversed()) {
        shown = await browser.page(shown.related('prev') ?? '')
        assert.deepEqual(namesOn(shown), page, sort)
        assert.equal(shown.part('found').text, rangeOf(at + 1), sort)
        assert.ok(shown.related('next'), sort)
      }
      assert.equal(shown.related('prev'), undefined, sort)
    }
  },
)

onEitherDatabase(
  'going back never ends on half a page, although users are added and deleted meanwhile',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    const rows = Array.from({ length: 60 }, (_, at) => {
      const username = `m${String(at).padStart(2, '0')}`
      return { username, username_key: username.toUpperCase(), role: 'user', disabled: 0 }
    })
    await server.doorward.db.insertInto('users').values(rows).execute()
    const second = (await browser.page('/admin/users')).related('next') ?? ''
    const back = (await browser.page(second)).related('prev') ?? ''
    const [gone] = itemsOf(await admin.asks('GET', '/users?q=m07'))
    await admin.asks('DELETE', `/users/${String(gone?.['id'])}`)
    const first = await browser.page(back)
    assert.deepEqual([namesOn(first).length, first.related('prev')], [50, undefined])
    await sql`delete from users where username like 'm5%' or username = 'm49'`.execute(server.doorward.db)
    const past = await browser.page(second)
    assert.deepEqual(namesOn(past), ['root'], 'what is after the place')
    assert.ok(past.related('prev'))
    await sql`delete from users where username like 'm%'`.execute(server.doorward.db)
    const alone = await browser.page(second)
    assert.equal(alone.related('prev'), undefined, 'no user is before the cursor any more')
  },
)

onEitherDatabase(
  'sortable columns show their order, and link to the reverse order without the old cursor',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    await invite(server, 'zoe', 'abe')
    const page = await browser.page('/admin/users')
    assertColumn(page, 'Username', 'ascending', '-username')
    assertColumn(page, 'Last sign-in', 'none', '-last_sign_in_at')
    const newest = await browser.page('/admin/users?sort=-created_at')
    assert.equal(page.link('newest first'), '/admin/users?sort=-created_at')
    assert.ok(!page.has('link', 'by username'))
    assert.equal(newest.link('by username'), '/admin/users')
    assert.ok(!newest.has('link', 'newest first'))
    assert.equal(namesOn(newest).at(-1), 'root')
    const latest = await browser.page('/admin/users?sort=-last_sign_in_at')
    assert.equal(namesOn(latest)[0], 'root')
    assertColumn(latest, 'Last sign-in', 'descending', 'last_sign_in_at')
  },
)

/** The range of a page of three hundred users. */
function rangeOf(page: number): string {
  return `${page * 50 - 49}–${page * 50} of 300`
}

test('the size of a page stays with search, filter, order and the next page', async (t) => {
  const { server, browser } = await adminScene(t)
  await insertGeneratedUsers(server, 120)
  const page = await browser.page('/admin/users?status=active&sort=-username&q=example')
  assert.equal(page.link('25 per page'), '/admin/users?q=example&status=active&sort=-username&size=25')
  const small = await browser.page(page.link('25 per page'))
  assert.equal(small.hidden('size'), '25')
  assert.equal(namesOn(small).length, 25)
  const next = await browser.page(small.related('next') ?? '')
  assert.match(next.text, /26–50 of \d+/)
  assert.equal(next.link('50 per page'), '/admin/users?q=example&status=active&sort=-username')
  assert.ok(!next.has('link', '25 per page'))
  const all = await browser.page('/admin/users?size=100')
  assert.match(all.part('found').text, /^1–100 of 121$/)
  const odd = await browser.page('/admin/users?size=7')
  assert.match(odd.part('found').text, /^1–50 of 121$/)
})

test('without scripts the head of the list ticks all rows and clears them, and keeps the page', async (t) => {
  const { server, browser } = await adminScene(t)
  await insertGeneratedUsers(server, 60)
  const second = await browser.page((await browser.page('/admin/users?sort=-username')).related('next') ?? '')
  const all = await browser.page(second.link('Select all on this page'))
  assert.deepEqual(namesOn(all), namesOn(second))
  assert.equal(all.count('tbody input:checked'), namesOn(all).length)
  assert.doesNotMatch(String(all.hidden('from')), /ticked/)
  assert.ok(all.related('prev')?.includes('ticked') === false)
  for (const label of ['Select none', 'Clear']) {
    const none = await browser.page(all.link(label))
    assert.equal(none.count('tbody input:checked'), 0)
    assert.deepEqual(namesOn(none), namesOn(second))
  }
})

test('an unknown query shows the first page', async (t) => {
  const { server, browser } = await adminScene(t, { dialect: 'postgres' })
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
    `role=${'x'.repeat(65)}`,
    'done=nothing',
    'after=eyJzb3J0IjoidXNlcm5hbWUiLCJrZXkiOjUsImlkIjoxfQ',
  ]) {
    const page = await browser.page(`/admin/users?${query}`)
    assert.deepEqual(namesOn(page), ['ada', 'root'], query)
  }
})

test('a flash message is shown above the list', async (t) => {
  const { browser } = await adminScene(t)
  browser.cookies.set('done', 'deleted')
  const page = await browser.page('/admin/users?done=deleted')
  assert.ok(page.statuses().includes('User deleted.'), page.statuses().join(' | '))
})

test('an admin who is the only user is shown how to invite another', async (t) => {
  const { browser } = await adminScene(t)
  const page = await browser.page('/admin/users')
  assert.match(page.text, /It’s just you so far\. Invite someone/)
  assert.equal(page.link('Invite someone'), '/admin/users/new')
})

onEitherDatabase(
  'names with markup, long names and names written from right to left are shown as isolated text',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    const long = 'w'.repeat(64)
    const fullName = 'נועה בן־דוד'
    for (const username of ['<script>1</script>', long, 'נועה'])
      await createUser(server.operator(), { username, fullName })
    const { markup, main } = await browser.page('/admin/users')
    for (const name of ['&lt;script&gt;1&lt;/script&gt;', long, 'נועה', fullName])
      assert.ok(markup.includes(`<bdi>${name}</bdi>`), name)
    const boxes = main.fields().filter((label) => label.startsWith('Select ') && !label.startsWith('Select all'))
    const fields = Object.fromEntries(boxes.map((label) => [main.field(label).name, 'yes']))
    const asked = await browser.pageAfter('/admin/users/bulk', { action: 'invite', ...fields })
    const done = await browser.pageAfter('/admin/users/bulk', { action: 'invite', confirmed: 'yes', ...fields })
    for (const page of [markup, asked.markup, done.markup]) {
      assert.doesNotMatch(page, /<script>1/)
      assert.ok(page.includes('&lt;script&gt;1&lt;/script&gt;'))
    }
  },
)
