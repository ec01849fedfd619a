// The list of users, what is done to several of them, and a new user’s invitation, as an admin’s browser without scripts uses them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { sql } from 'kysely'

import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { days, hours, minutes } from '../../src/foundation/kernel/time.ts'
import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { texts } from '../../src/foundation/texts/texts.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser, textIn, valueIn } from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { commandsOn } from '../support/pages/shown-commands.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import type { Visitor } from '../support/pages/visitor.ts'

const LINK = /http:\/\/localhost:8000(\/invitation\/dwl_[\w-]+)/

interface Scene {
  readonly server: Server
  readonly admin: Person
  readonly browser: Visitor
}

async function scene(t: TestContext, dialect: Dialect, language = 'en'): Promise<Scene> {
  const server = await start(t, { dialect })
  const admin = await firstAdmin(server)
  const browser = await signedInBrowser(admin, { language })
  return { server, admin: await admin.signsIn(), browser }
}

/** People who are only invited, made the short way. */
async function invite(server: Server, ...usernames: readonly string[]): Promise<number[]> {
  const ids: number[] = []
  for (const username of usernames) ids.push((await createUser(server.operator(), { username })).user.id)
  return ids
}

/** The usernames in the table, from the top. */
function namesOn(page: string): string[] {
  const whole = page.replaceAll('<wbr />', '')
  return [...whole.matchAll(/<a href="\/admin\/users\/\d+"\s*><bdi>([^<]*)<\/bdi>/g)].map(([, name = '']) => name)
}

/** Where the link with this relation leads. */
function linkOn(page: string, rel: 'next' | 'prev'): string | undefined {
  return new RegExp(`href="([^"]*)" rel="${rel}"`).exec(page)?.[1]?.replaceAll('&amp;', '&')
}

function countOn(page: string, filter: string): string | undefined {
  return new RegExp(`>\\s*${filter} <span class="count">([^<]*)</span>`).exec(page)?.[1]
}

function ticked(...ids: readonly number[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [`user-${id}`, 'yes']))
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
    assert.match(body, /<h1>Users \(5\)<\/h1>/)
    const counts = ['All', 'Active', 'Invited', 'No second step', 'Disabled', 'Admins'].map((one) => countOn(body, one))
    assert.deepEqual(counts, ['5', '2', '1', '1', '1', '1'])
    const steps = [...body.matchAll(/class="short">(Passkey|App|–)</g)].map(([, step]) => step)
    assert.deepEqual(steps, ['Passkey', '–', '–', '–', 'App'])
    assert.match(
      textIn(body, `user-${emil}`),
      /^emil – User Invited Invitation runs out in 7 days New invitation for emil/,
    )
    assert.match(body, /Ada Lovelace[\s\S]*ada<wbr \/>@example\.org/)
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
      assert.match(page, new RegExp(`href="/admin/users\\?${filter}"\\s+aria-current="true"`))
    }
    server.clock.pass(minutes(50))
    await browser.open('/account')
  },
)

onEitherDatabase(
  'a search finds people, keeps filter and order, counts within what it found, and can be cleared',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    await invite(server, 'bobby', 'bob', 'carol')
    await createUser(server.operator(), { username: 'kate', fullName: 'Kate Bobson', invite: false })
    const page = (await browser.open('/admin/users?q=bob&status=invited&sort=-username')).body
    assert.deepEqual(namesOn(page), ['bobby', 'bob'])
    assert.deepEqual([countOn(page, 'All'), countOn(page, 'Invited'), countOn(page, 'Admins')], ['3', '2', '0'])
    assert.match(page, /<h1>Users \(5\)<\/h1>/, 'the heading counts everybody, whatever is searched for')
    assert.equal(textIn(page, 'found'), '2 users found for “bob”.')
    assert.match(page, /href="\/admin\/users\?status=invited&amp;sort=-username">Clear search/)
    assert.equal(valueIn(page, 'q'), 'bob')
    assert.match(page, /type="hidden" name="status" value="invited"[\s\S]*type="hidden" name="sort" value="-username"/)
    const none = (await browser.open('/admin/users?q=%3Cb%3Enobody')).body
    assert.match(none, /Nobody matches “<bdi>&lt;b&gt;nobody<\/bdi>”\.[\s\S]*href="\/admin\/users"[^>]*>Clear search/)
    assert.doesNotMatch(none, /name="action"/)
    const empty = (await browser.open('/admin/users?status=disabled')).body
    assert.match(empty, /Nobody is in this list\.[\s\S]*Show everyone/)
  },
)

onEitherDatabase(
  'three hundred users are turned to the end and back, page by page, each seen once each way',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    const rows = Array.from({ length: 299 }, (_, at) => {
      const username = `user-${String(at).padStart(3, '0')}`
      // A third of them without a date, which come first or last, whichever way the list runs.
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
        assert.equal(body.includes('>First page<'), !onFirst, sort)
        assert.equal(body.includes(`from <bdi>${pages.at(-1)?.at(0)}</bdi> on`), !onFirst, sort)
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

onEitherDatabase('going back never ends on half a page, though people come and go meanwhile', async (t, dialect) => {
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
  assert.equal(linkOn((await browser.open(second)).body, 'prev'), undefined, 'nobody is before the place any more')
})

onEitherDatabase(
  'columns that can be ordered by say how, and lead to the other way round without the old cursor',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    await invite(server, 'zoe', 'abe')
    const page = (await browser.open('/admin/users')).body
    assert.match(page, /aria-sort="ascending"><a href="\/admin\/users\?sort=-username">Username/)
    assert.match(page, /aria-sort="none"><a href="\/admin\/users\?sort=-last_sign_in_at">Last sign-in/)
    const newest = (await browser.open('/admin/users?sort=-created_at')).body
    assert.match(
      page,
      /Order: <strong>by username<\/strong>[^<]*<a href="\/admin\/users\?sort=-created_at">newest first</,
    )
    assert.match(newest, /Order: <a href="\/admin\/users">by username<\/a>[^<]*<strong>newest first</)
    assert.equal(namesOn(newest).at(-1), 'root')
    const latest = (await browser.open('/admin/users?sort=-last_sign_in_at')).body
    assert.equal(namesOn(latest)[0], 'root')
    assert.match(latest, /aria-sort="descending"><a href="\/admin\/users\?sort=last_sign_in_at">Last sign-in/)
  },
)

test('an address that no page of ours wrote shows the first page', async (t) => {
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

test('what was done elsewhere is said above the list', async (t) => {
  const { browser } = await scene(t, 'sqlite')
  browser.cookies.set('done', 'deleted')
  assert.match(
    (await browser.open('/admin/users?done=deleted')).body,
    /role="status">[\s\S]*The account is deleted\.[\s\S]*<h1>/,
  )
})

test('an admin who is the only user is shown how to invite another', async (t) => {
  const { browser } = await scene(t, 'sqlite')
  assert.match(
    (await browser.open('/admin/users')).body,
    /Only you so far\. <a href="\/admin\/users\/new">Invite someone<\/a>/,
  )
})

onEitherDatabase(
  'names that are markup, long or written the other way round stay text of their own',
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

onEitherDatabase(
  'several users are disabled: confirmed by name, one by one, with a report of those left out',
  async (t, dialect) => {
    const { server, admin, browser } = await scene(t, dialect)
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    const [bob = 0] = await invite(server, 'bob')
    const me = Number((await admin.asks('GET', '/users/me')).body['id'])
    const adaId = Number((await ada.asks('GET', '/users/me')).body['id'])
    const list = (await browser.open('/admin/users?status=all&sort=-username')).body
    assert.match(list, new RegExp(`name="user-${bob}"\\s+value="yes"\\s+aria-label="Select bob"`))
    const wish = { action: 'disable', from: '/admin/users?sort=-username', ...ticked(bob, adaId, me) }
    const asked = await browser.submit('/admin/users/bulk', wish)
    assert.equal(asked.statusCode, 200)
    assert.match(asked.body, /<h1>Disable 3 users\?<\/h1>[\s\S]*ada[\s\S]*bob[\s\S]*root/)
    assert.match(asked.body, /href="\/admin\/users\?sort=-username">Cancel/)
    assert.equal((await ada.asks('GET', '/users/me')).status, 200, 'asking does it already')
    const done = await browser.submit('/admin/users/bulk', { ...wish, confirmed: 'yes' })
    assert.equal(done.statusCode, 200)
    assert.match(done.body, /1 skipped[\s\S]*<h1>2 users disabled<\/h1>/)
    assert.match(
      done.body,
      /ada<\/bdi>[\s\S]*Disabled[\s\S]*bob<\/bdi>[\s\S]*Disabled[\s\S]*root<\/bdi>[\s\S]*last active admin[\s\S]*Left out/,
    )
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    const again = await browser.submit('/admin/users/bulk', { ...wish, confirmed: 'yes' })
    assert.equal(again.body.match(/Was disabled already/g)?.length, 2)
    assert.match(again.body, /2 were already disabled · 1 skipped[\s\S]*<h1>No users were disabled<\/h1>/)
    const enabled = await browser.submit('/admin/users/bulk', {
      action: 'enable',
      confirmed: 'yes',
      ...ticked(bob, adaId),
    })
    assert.match(enabled.body, /<h1>2 users enabled<\/h1>/)
    assert.doesNotMatch(enabled.body, /skipped|already/)
    assert.deepEqual(namesOn((await browser.open('/admin/users?status=disabled')).body), [])
    await ada.signsIn()
  },
)

onEitherDatabase(
  'signing several users out keeps the admin’s own session, and another admin is told apart from the last',
  async (t, dialect) => {
    const { admin, browser } = await scene(t, dialect)
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    await newcomer(admin, 'eve', { role: 'admin' })
    const me = Number((await admin.asks('GET', '/users/me')).body['id'])
    const adaId = Number((await ada.asks('GET', '/users/me')).body['id'])
    await browser.open('/admin/users')
    const wish = { action: 'sign-out', ...ticked(me, adaId) }
    assert.match((await browser.submit('/admin/users/bulk', wish)).body, /class="button danger sure"[^>]*>Sign out/)
    const { body } = await browser.submit('/admin/users/bulk', { ...wish, confirmed: 'yes' })
    assert.match(body, /ada<\/bdi>[\s\S]*Signed out[\s\S]*root<\/bdi>[\s\S]*your own account[\s\S]*Left out/)
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    assert.equal((await browser.open('/admin/users')).statusCode, 200)
    const own = await browser.submit('/admin/users/bulk', { action: 'disable', confirmed: 'yes', ...ticked(me) })
    assert.match(own.body, /1 skipped[\s\S]*<h1>No users were disabled<\/h1>[\s\S]*your own account/)
  },
)

onEitherDatabase(
  'several new invitations come as one link each, and the links before stop working',
  async (t, dialect) => {
    const { server, admin, browser } = await scene(t, dialect)
    const { body: made } = await admin.asks('POST', '/users', { username: 'bob' })
    const old = new URL((made['invitation'] as { url: string }).url).pathname
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    const ids = [Number(made['id']), Number((await ada.asks('GET', '/users/me')).body['id'])]
    await browser.open('/admin/users')
    const wish = { action: 'invite', ...ticked(...ids) }
    const asked = (await browser.submit('/admin/users/bulk', wish)).body
    assert.equal(valueIn(asked, 'expires_in'), '604800')
    const done = await browser.submit('/admin/users/bulk', { ...wish, confirmed: 'yes', expires_in: '3600' })
    assert.equal(done.headers['cache-control'], 'no-store')
    const [, path = ''] = LINK.exec(done.body) ?? []
    assert.equal(done.body.match(new RegExp(LINK, 'g'))?.length, 1)
    assert.match(done.body, /ada<\/bdi>[\s\S]*already has a password[\s\S]*Left out/)
    assert.equal((await server.app.inject({ url: old })).statusCode, 404)
    assert.equal((await server.app.inject({ url: path })).statusCode, 200)
    server.clock.pass(hours(1))
    assert.equal((await server.app.inject({ url: path })).statusCode, 404)
  },
)

test('a lifetime that is not offered is refused beside the field, and no user is invited', async (t) => {
  const { server, admin, browser } = await scene(t, 'sqlite')
  const { body: bob } = await admin.asks('POST', '/users', { username: 'bob' })
  const old = new URL((bob['invitation'] as { url: string }).url).pathname
  await browser.open('/admin/users')
  const wish = { action: 'invite', confirmed: 'yes', ...ticked(Number(bob['id'])) }
  const { statusCode, body } = await browser.submit('/admin/users/bulk', { ...wish, expires_in: '999999999' })
  assert.equal(statusCode, 422)
  assert.match(body, /<title>Error: /)
  assert.match(body, /id="error-summary"[\s\S]*href="#expires_in"/)
  assert.match(body, /id="expires_in-error"/)
  assert.match(body, new RegExp(`name="user-${Number(bob['id'])}"`))
  assert.equal((await server.app.inject({ url: old })).statusCode, 200)
  const disabled = await browser.submit('/admin/users/bulk', { ...wish, action: 'disable', expires_in: '999999999' })
  assert.match(disabled.body, /<h1>1 user disabled<\/h1>/)
})

test('a bulk action on no user, deleted users, too many users or of an unknown kind changes nothing and links to the list', async (t) => {
  const { browser } = await scene(t, 'sqlite')
  await browser.open('/admin/users')
  const many = ticked(...Array.from({ length: 201 }, (_, at) => at + 1))
  for (const [what, fields] of Object.entries({
    nobody: { action: 'disable', from: '/admin/users?status=active' },
    gone: { action: 'disable', from: '/admin/users?status=active', ...ticked(99_999) },
    many: { action: 'disable', confirmed: 'yes', from: '/admin/users?status=active', ...many },
  })) {
    const { statusCode, body } = await browser.submit('/admin/users/bulk', fields)
    assert.equal(statusCode, 422, what)
    assert.match(body, /href="\/admin\/users\?status=active">Back to the list/, what)
  }
  const none = await browser.submit('/admin/users/bulk', { action: 'delete', confirmed: 'yes', ...ticked(1) })
  assert.equal(none.statusCode, 422)
  for (const from of ['https://evil.example/', '//evil.example', '/admin/usersx', '/account']) {
    const { body } = await browser.submit('/admin/users/bulk', { action: 'enable', from, ...ticked(1) })
    assert.match(body, /href="\/admin\/users">Cancel/, from)
  }
  const alone = await browser.open('/admin/users/bulk')
  assert.equal(alone.statusCode, 200)
  assert.match(alone.body, /Nobody is selected[\s\S]*href="\/admin\/users">Back to the list/)
})

onEitherDatabase(
  'a new user’s invitation is handed over on the page that answers the form, and works once',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    const form = (await browser.open('/admin/users/new')).body
    assert.match(form, /<input[^>]*id="role"[^>]*value="user"[^>]*checked/)
    for (const id of ['username', 'email', 'full_name'])
      assert.match(form, new RegExp(`id="${id}"[^>]*autocomplete="off"`))
    assert.equal(valueIn(form, 'expires_in'), '604800')
    const fields = {
      username: 'bob',
      email: 'bob@example.org',
      full_name: 'Bob <i>',
      role: 'user',
      expires_in: '86400',
    }
    const made = await browser.submit('/admin/users/new', fields)
    assert.equal(made.statusCode, 200)
    assert.equal(made.headers['cache-control'], 'no-store')
    assert.equal(made.headers.location, undefined)
    const [url = '', path = ''] = LINK.exec(textIn(made.body, 'invitation-link')) ?? []
    assert.match(made.body, /Until this link is used, anyone who has it can take the account/)
    assert.match(
      made.body,
      /data-copies="invitation-link"[\s\S]*role="img"[\s\S]*<svg[\s\S]*data-copies="invitation-message"/,
    )
    const until = /until (.*? UTC) \(/.exec(textIn(made.body, 'invitation-end'))?.[1] ?? ''
    assert.equal(Date.parse(until.replace(' at ', ' ')), Math.floor((server.clock.now() + days(1)) / 1000) * 1000)
    const message = textIn(made.body, 'invitation-message')
    assert.ok(message.includes(url) && message.includes(until) && message.includes('Hello Bob &lt;i&gt;'), message)
    assert.match(
      (await server.app.inject({ url: path })).body,
      /Hello <bdi>Bob &lt;i&gt;<\/bdi>\. The admin <bdi>root<\/bdi> created an account for you/,
    )
    assert.ok(!server.logText().includes(path.split('/').at(-1) ?? path), 'the log holds the link')
    for (const page of ['/admin/users', '/admin/users/new', '/admin/users?status=invited']) {
      assert.doesNotMatch((await browser.open(page)).body, LINK, page)
    }
    assert.match(
      (await browser.open('/admin/users')).body,
      /Invitation runs out <time datetime="[^"]*" title="[^"]*UTC"\s*>in 1 day/,
    )
    const twice = await browser.submit('/admin/users/new', fields)
    assert.equal(twice.statusCode, 409)
    assert.match(twice.body, /<title>Error: New user – Users/)
    assert.match(twice.body, /id="username"[^>]*aria-invalid="true"[^>]*[\s\S]*value="bob"/)
    assert.equal(valueIn(twice.body, 'expires_in'), '86400')
    server.clock.pass(days(1))
    assert.equal((await server.app.inject({ url: path })).statusCode, 404)
  },
)

test('a form for a new user with faults comes back with all of it but what is wrong said beside', async (t) => {
  const { browser } = await scene(t, 'sqlite')
  await browser.open('/admin/users/new')
  const wrong = { username: 'a@b', email: 'nowhere@x', full_name: 'A <b>', role: 'user', expires_in: '86400' }
  const { statusCode, body } = await browser.submit('/admin/users/new', wrong)
  assert.equal(statusCode, 422)
  assert.match(body, /There is a problem[\s\S]*href="#username"[\s\S]*href="#email"/)
  assert.deepEqual(
    [valueIn(body, 'username'), valueIn(body, 'email'), valueIn(body, 'full_name')],
    ['a@b', 'nowhere@x', 'A &lt;b&gt;'],
  )
  const empty = await browser.submit('/admin/users/new', { username: '', email: '', full_name: '' })
  assert.match(empty.body, /id="username-error">Enter a username\./)
  const endless = await browser.submit('/admin/users/new', { username: 'bob', expires_in: '999999999' })
  assert.equal(endless.statusCode, 422)
  assert.match(endless.body, /id="expires_in-error"/)
  const root = await browser.submit('/admin/users/new', { username: 'bob', role: 'root' })
  assert.equal(root.statusCode, 422)
  assert.match(root.body, /id="role-error"/)
  assert.deepEqual(namesOn((await browser.open('/admin/users')).body), ['root'])
})

onEitherDatabase(
  'another admin is made after confirming only, and what was typed is there again but in no address',
  async (t, dialect) => {
    const { server, admin, browser } = await scene(t, dialect)
    await browser.open('/admin/users/new')
    server.clock.pass(minutes(11))
    const fields = {
      username: 'eve',
      email: 'eve@example.org',
      full_name: 'Eve & Co',
      role: 'admin',
      expires_in: '3600',
    }
    const sent = await browser.submit('/admin/users/new', fields)
    const place = '/confirm?next=%2Fadmin%2Fusers%2Fnew'
    assertLeadsTo(sent, place)
    assert.doesNotMatch(JSON.stringify(sent.headers), /eve/i)
    await browser.open(place)
    const proven = await browser.submit(place, { password: PASSWORD, code: admin.code() })
    const { body } = await browser.open(String(proven.headers.location))
    assert.deepEqual(
      [valueIn(body, 'username'), valueIn(body, 'email'), valueIn(body, 'full_name'), valueIn(body, 'expires_in')],
      ['eve', 'eve@example.org', 'Eve &amp; Co', '3600'],
    )
    assert.match(body, /value="admin"\s+checked/)
    assert.doesNotMatch(body, /There is a problem/)
    assert.equal(valueIn((await browser.open('/admin/users/new')).body, 'username'), undefined)
    assert.deepEqual(namesOn((await browser.open('/admin/users')).body), ['root'])
  },
)

test('what was typed before confirming comes back to its own session only, and never from the address', async (t) => {
  const { server, admin, browser } = await scene(t, 'sqlite')
  const other = await signedInBrowser(admin)
  server.clock.pass(minutes(11))
  await browser.open('/admin/users/new')
  await browser.submit('/admin/users/new', { username: 'eve', role: 'admin' })
  const [name, sealed] = [...browser.cookies].find(([cookie]) => cookie.endsWith('draft')) ?? []
  assert.ok(name !== undefined && sealed !== undefined)
  for (const value of [sealed, `${sealed.slice(0, -2)}AA`, 'x']) {
    other.cookies.set(name, value)
    assert.equal(valueIn((await other.open('/admin/users/new')).body, 'username'), undefined)
    assert.ok(!other.cookies.has(name))
  }
  assert.equal(valueIn((await other.open('/admin/users/new?username=eve')).body, 'username'), undefined)
  const long = { username: 'eve', full_name: '\u{1F600}'.repeat(2000), role: 'admin' }
  browser.cookies.delete(name)
  assertLeadsTo(await browser.submit('/admin/users/new', long), '/confirm?next=%2Fadmin%2Fusers%2Fnew')
  assert.ok(!browser.cookies.has(name))
})

onEitherDatabase('a second invitation for a user revokes the first', async (t, dialect) => {
  const { server, admin, browser } = await scene(t, dialect)
  const { body: made } = await admin.asks('POST', '/users', { username: 'bob' })
  const old = new URL((made['invitation'] as { url: string }).url).pathname
  const address = /href="(\/admin\/users\/\d+\/invitation)"/.exec((await browser.open('/admin/users')).body)?.[1] ?? ''
  assert.match((await browser.open(address)).body, /Makes a new invitation link for <bdi>bob<\/bdi>/)
  const card = (await browser.submit(address, { expires_in: '3600' })).body
  const [, path = ''] = LINK.exec(textIn(card, 'invitation-link')) ?? []
  assert.match(card, /<h1>Invitation for <bdi>bob<\/bdi><\/h1>[\s\S]*in 1 hour/)
  assert.equal((await server.app.inject({ url: old })).statusCode, 404)
  assert.equal((await server.app.inject({ url: path })).statusCode, 200)
  server.clock.pass(hours(1))
  await browser.open('/account')
  assert.equal((await server.app.inject({ url: path })).statusCode, 404)
})

test('an invitation for a user who needs none is refused with the reason, and for an unknown user is not found', async (t) => {
  const { admin, browser } = await scene(t, 'sqlite')
  const ada = await (await newcomer(admin, 'ada')).signsIn()
  const { body } = await ada.asks('GET', '/users/me')
  await browser.open('/admin/users')
  const refused = await browser.submit(`/admin/users/${String(body['id'])}/invitation`, {})
  assert.equal(refused.statusCode, 409)
  assert.match(refused.body, /already has a password and a second step/)
  assert.equal((await browser.submit('/admin/users/99999/invitation', {})).statusCode, 404)
  assert.equal((await browser.open('/admin/users/99999/invitation')).statusCode, 404)
})

onEitherDatabase('the pages of administration are for admins who have a second step', async (t, dialect) => {
  const { server, admin, browser } = await scene(t, dialect)
  const ada = await newcomer(admin, 'ada')
  const hers = await signedInBrowser(ada)
  const paths = ['/admin/users', '/admin/users/new', '/admin/users/1/invitation']
  for (const path of paths) {
    const { statusCode, body, headers } = await hers.open(path)
    assert.equal(statusCode, 403, path)
    assert.match(String(headers['content-type']), /^text\/html/)
    assert.doesNotMatch(body, /root<\/bdi>/)
  }
  await hers.open('/account')
  for (const [path, fields] of [
    ['/admin/users/new', { username: 'eve' }],
    ['/admin/users/bulk', { action: 'disable', confirmed: 'yes', ...ticked(1) }],
    ['/admin/users/1/invitation', {}],
  ] as const) {
    assert.equal((await hers.submit(path, fields)).statusCode, 403, path)
  }
  // Whoever lost their second step to the database is no admin either.
  await sql`update users set second_factor_at = null where username = 'root'`.execute(server.doorward.db)
  for (const path of paths) assert.equal((await browser.open(path)).statusCode, 403, path)
  await sql`update users set disabled = 1 where username = 'ada'`.execute(server.doorward.db)
  assertSignedOut(await hers.open('/admin/users'))
})

test('the API takes how long an invitation works too, within the bounds of the setting', async (t) => {
  const { server, admin } = await scene(t, 'sqlite')
  const endOf = (body: Record<string, unknown>) => Date.parse((body['invitation'] as { expires_at: string }).expires_at)
  const made = await admin.asks('POST', '/users', { username: 'bob', invitation_expires_in: 3600 })
  assert.equal(endOf(made.body), server.clock.now() + hours(1))
  const path = `/users/${String(made.body['id'])}/invitation`
  assert.equal(endOf((await admin.asks('POST', path, { expires_in: 86_400 })).body), server.clock.now() + days(1))
  assert.equal(endOf((await admin.asks('POST', path)).body), server.clock.now() + days(7))
  for (const [url, payload] of [
    ['/users', { username: 'eve', invitation_expires_in: 599 }],
    ['/users', { username: 'eve', invitation_expires_in: 5_184_001 }],
    [path, { expires_in: 0 }],
    [path, { expires_in: '3600' }],
    [path, { lifetime: 3600 }],
  ] as const) {
    assert.equal((await admin.asks('POST', url, payload)).status, 422, JSON.stringify(payload))
  }
})

test('each page shows the same with the API, as a request that works', async (t) => {
  const { server, admin, browser } = await scene(t, 'sqlite')
  const [bob = 0] = await invite(server, 'bob')
  const pages = [
    await browser.open('/admin/users?q=bob&status=invited&sort=-created_at'),
    await browser.open('/admin/users?role=admin'),
    await browser.open('/admin/users/new'),
    await browser.open(`/admin/users/${bob}/invitation`),
  ]
  for (const action of ['invite', 'disable', 'enable', 'sign-out']) {
    pages.push(await browser.submit('/admin/users/bulk', { action, ...ticked(bob) }))
  }
  for (const { body } of pages) {
    const [command] = commandsOn(body)
    assert.ok(command, body)
    const { method, path, payload } = command
    const { status, raw } = await admin.asks(method, path, payload)
    assert.equal(status, 200, `${method} ${path}: ${raw.body}`)
  }
})

test('what was done to several is told in German by what became of it', async (t) => {
  const { server, browser } = await scene(t, 'sqlite', 'de')
  const [bob = 0, eve = 0] = await invite(server, 'bob', 'eve')
  await browser.open('/admin/users')
  const reportOn = async (action: string, ...ids: number[]): Promise<string> =>
    (await browser.submit('/admin/users/bulk', { action, confirmed: 'yes', ...ticked(...ids) })).body
  assert.match(await reportOn('disable', bob), /<h1>1 Benutzer deaktiviert<\/h1>/)
  assert.match(await reportOn('disable', bob, eve), /1 war schon deaktiviert[\s\S]*<h1>1 Benutzer deaktiviert<\/h1>/)
  const none = await reportOn('disable', bob, eve)
  assert.match(none, /2 waren schon deaktiviert[\s\S]*<h1>Keine Benutzer deaktiviert<\/h1>/)
  assert.match(await reportOn('invite', bob, eve), /2 ausgelassen[\s\S]*<h1>Keine neuen Einladungen<\/h1>/)
})

test('the pages speak German throughout', async (t) => {
  const { server, browser } = await scene(t, 'sqlite', 'de')
  const [bob = 0] = await invite(server, 'bob')
  const german = texts('de').users
  const list = (await browser.open('/admin/users')).body
  assert.match(list, /lang="de"[\s\S]*<h1>Benutzer \(2\)<\/h1>/)
  assert.match(list, /Einladung läuft ab[\s\S]*in 7 Tagen/)
  assert.match(
    (await browser.open('/admin/users/new')).body,
    /Die Einladung gilt[\s\S]*1 Stunde[\s\S]*24 Stunden[\s\S]*7 Tage/,
  )
  const card = (await browser.submit(`/admin/users/${bob}/invitation`, {})).body
  assert.ok(card.includes(german.card.warning) && card.includes('Guten Tag bob'))
  assert.match(
    (await browser.submit('/admin/users/bulk', { action: 'disable', ...ticked(bob) })).body,
    /1 Benutzer deaktivieren\?/,
  )
})
