// A user opens apps at protected hosts: signs in once, is led back to where they wanted to go, and signs out of all of them.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import {
  assertArrived,
  forwarded,
  HostBrowser,
  identityIn,
  protect,
  SCRIPT,
  TRUSTING,
  verify,
  WIKI,
} from '../support/hosts/protected-site.ts'
import { followIn, signsInForHost } from '../support/hosts/signs-in.ts'
import { ownPageScene } from '../support/pages/page-scenes.ts'
import { newGroup } from '../support/people/groups.ts'
import { hostRule } from '../support/people/hosts.ts'
import { PASSWORD } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { waitUntil } from '../support/server/started-program.ts'

const AT = `https://${WIKI}`
const settings = TRUSTING

onEachDatabase(
  'one sign-in opens each host, with path and query kept, until the user signs out',
  async (t, dialect) => {
    const { server, admin, ada } = await ownPageScene(t, { dialect, settings })
    const group = await newGroup(admin, 'x,admins')
    const { id, subject } = await rowOf(ada)
    await admin.asks('PUT', `/groups/${group}/members/${id}`)
    await protect(server, { sharedGroups: [group], rules: [hostRule('/public', { who: 'everyone' })] })
    await protect(server, { name: 'cloud.example.org' })
    const browser = new HostBrowser(server)

    const page = '/page?x=1&y=%C3%A4&to=/z'
    const signIn = await browser.open(AT + page)
    assert.match(signIn.url, /^http:\/\/localhost:8000\/sign-in\?next=/)
    const opened = await signsInForHost(browser, signIn, ada)
    assertArrived(opened, AT + page, 'ada')
    assert.deepEqual(identityIn(opened.answer), {
      user: 'ada',
      subject,
      name: 'Ada Lovelace',
      email: '',
      groups: 'x%2Cadmins',
    })
    assert.match(browser.cookiesOf().get('__Host-doorward') ?? '', /^dwh_/)

    assertArrived(await browser.open('https://cloud.example.org/'), 'https://cloud.example.org/', 'ada')
    const open = await verify(server, '/public/logo.svg')
    assert.deepEqual(
      [open.statusCode, identityIn(open)],
      [204, { user: '', subject: '', name: '', email: '', groups: '' }],
    )

    const { items } = await listEvents(server.operator(), { action: 'host.entered', limit: 10 })
    assert.deepEqual(
      items.map(({ actor, details }) => [actor, details?.['host']]),
      [
        [subject, 'cloud.example.org'],
        [subject, WIKI],
      ],
    )

    const left = await browser.send(`${AT}/.doorward/sign-out`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
    })
    assert.deepEqual([left.statusCode, left.headers.location], [303, 'http://localhost:8000/sign-out'])
    for (const host of [AT, 'https://cloud.example.org'])
      assert.match((await browser.open(`${host}/`)).url, /^http:\/\/localhost:8000\/sign-in/)
  },
)

leaveToTestAll()

test('ten tabs that are opened at once all arrive where they were going', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  const browser = new HostBrowser(server, visitor)
  const paths = Array.from({ length: 10 }, (_, index) => `${AT}/tab/${index}?n=${index}`)
  // Every tab has left before the first one comes back.
  const back = []
  for (const path of paths) back.push(await followIn(browser, path, 3))
  for (const [index, enter] of back.entries()) {
    assert.match(enter, /\/\.doorward\/enter\?code=dwhc_/)
    assertArrived(await browser.follow(enter), paths[index] ?? '', 'ada')
  }
  const { items } = await listEvents(server.operator(), { action: 'host.entered', limit: 20 })
  assert.equal(items.length, 1)
})

test('a path that requires more leads to the confirmation once, and then opens', async (t) => {
  const { server, ada, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/vault', { maxAge: minutes(5) })] })
  const browser = new HostBrowser(server, visitor)
  assertArrived(await browser.open(`${AT}/vault/a`), `${AT}/vault/a`, 'ada')
  server.clock.pass(minutes(6))
  assertArrived(await browser.open(`${AT}/`), `${AT}/`, 'ada')
  const confirm = await browser.open(`${AT}/vault/b`)
  const { pathname, search } = new URL(confirm.url)
  assert.equal(pathname, '/confirm')
  const answer = await visitor.submit(pathname + search, { password: PASSWORD, code: ada.code() })
  assert.equal(answer.statusCode, 200, answer.body)
  const next = /url=([^"]+)"/.exec(answer.body)?.[1] ?? ''
  assertArrived(await browser.follow(`http://localhost:8000${next.replaceAll('&amp;', '&')}`), `${AT}/vault/b`, 'ada')
  assert.equal((await verify(server, '/vault/b', { headers: SCRIPT })).statusCode, 401)
})

test('a script gets 401, a user whom the rule excludes a sentence, and both once in the log', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/admin', { who: 'roles', names: ['admin'] })] })
  const browser = new HostBrowser(server, visitor)
  const script = await browser.send(`${AT}/data`, { headers: SCRIPT })
  assert.deepEqual([script.statusCode, script.body], [401, 'Sign in first.\n'])
  assertArrived(await browser.open(`${AT}/`), `${AT}/`, 'ada')
  for (const path of ['/admin', '/admin/users']) {
    const refused = await browser.send(AT + path)
    assert.deepEqual(
      [refused.statusCode, refused.body],
      [403, 'You may not open this. Ask your admin if you need it.\n'],
    )
  }
  const { items } = await listEvents(server.operator(), { action: 'host.refused', limit: 10 })
  assert.deepEqual(
    items.map(({ reason, result, details }) => [reason, result, details?.['host']]),
    [['host_rule', 'refused', WIKI]],
  )
})

test('a user to whom nothing at a host is open reads so at the server, without a code', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server, { rules: [hostRule('/', { who: 'roles', names: ['admin'] })] })
  const { url, answer } = await new HostBrowser(server, visitor).open(`${AT}/`)
  assert.match(url, /^http:\/\/localhost:8000\/auth\/for-host\?/)
  assert.deepEqual([answer.statusCode, /can’t open anything there/.test(answer.body)], [403, true])
  assert.match(answer.body, /Signed in here as .*ada.*href="\/sign-out"/s)
  assert.equal((await server.doorward.db.selectFrom('host_code').select('id').execute()).length, 0)
})

test('a form that is sent after the end is not lost without a word', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  const browser = new HostBrowser(server, visitor)
  assertArrived(await browser.open(`${AT}/edit`), `${AT}/edit`, 'ada')
  await visitor.page('/sign-out')
  await visitor.submit('/sign-out', {})
  const { statusCode, body } = await browser.send(`${AT}/edit`, { method: 'POST' })
  assert.equal(statusCode, 401)
  assert.match(body, /<h1>You were signed out<\/h1>/)
})

test('the use of a host keeps the session alive', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t, { settings })
  await protect(server)
  const browser = new HostBrowser(server, visitor)
  await browser.open(`${AT}/`)
  for (let part = 0; part < 4; part++) {
    server.clock.pass(minutes(10))
    const { now } = server.operator()
    assert.equal((await browser.send(`${AT}/poll`, { headers: SCRIPT })).statusCode, 204)
    const rows = server.doorward.db.selectFrom('session').select('id').where('last_seen_at', '=', now)
    await waitUntil(async () => (await rows.execute()).length === 1)
  }
  assert.equal((await visitor.open('/account')).statusCode, 200)
})

test('without a host, none of the routes exists', async (t) => {
  const { server, browser } = await ownPageScene(t, { settings })
  for (const path of ['/auth/verify', '/.doorward/start', '/.doorward/enter?code=x', '/.doorward/sign-out'])
    assert.equal((await forwarded(server, path, '/')).statusCode, 404, path)
  await browser.page(`/auth/for-host?host=${WIKI}&leaving=${'0'.repeat(64)}`, 404)
})
