// The form for a new user, the invitation that it creates, and a later invitation.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, hours, minutes } from '../../src/foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser, textIn, valueIn } from '../support/pages/page-answers.ts'
import { newcomer, PASSWORD } from '../support/people/people.ts'
import { LINK, scene, namesOn } from '../support/pages/admin-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

onEitherDatabase(
  'a new user’s invitation is handed over on the page that answers the form, and works once',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    const form = (await browser.open('/admin/users/new')).body
    const page = parsePage(form)
    assert.ok(page.field('User').checked && !page.field('Admin').checked)
    for (const label of ['Username', 'Email (optional)', 'Full name (optional)'])
      assert.equal(page.field(label).attribute('autocomplete'), 'off')
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
    assert.match(parsePage(made).text, /Until this link is used, anyone who has it can take the account/)
    assert.match(
      made.body,
      /data-copies="invitation-link"[\s\S]*role="img"[\s\S]*<svg[\s\S]*data-copies="invitation-message"/,
    )
    const until = /until (.*? UTC) \(/.exec(textIn(made.body, 'invitation-end'))?.[1] ?? ''
    assert.equal(Date.parse(until.replace(' at ', ' ')), Math.floor((server.clock.now() + days(1)) / 1000) * 1000)
    const message = textIn(made.body, 'invitation-message')
    assert.ok(message.includes(url) && message.includes(until) && message.includes('Hello Bob <i>'), message)
    assert.match(
      parsePage(await server.app.inject({ url: path })).text,
      /Hello Bob <i>\. The admin root created an account for you/,
    )
    assert.ok(!server.logText().includes(path.split('/').at(-1) ?? path), 'the log holds the link')
    for (const page of ['/admin/users', '/admin/users/new', '/admin/users?status=invited']) {
      assert.doesNotMatch((await browser.open(page)).body, LINK, page)
    }
    assert.match(parsePage(await browser.open('/admin/users')).text, /Invitation runs out in 1 day/)
    const twice = await browser.submit('/admin/users/new', fields)
    assert.equal(twice.statusCode, 409)
    assert.match(parsePage(twice).title, /^Error: New user – Users/)
    const { invalid, value } = parsePage(twice).field('Username')
    assert.deepEqual([invalid, value], [true, 'bob'])
    assert.equal(valueIn(twice.body, 'expires_in'), '86400')
    server.clock.pass(days(1))
    assert.equal((await server.app.inject({ url: path })).statusCode, 404)
  },
)

test('an invalid form for a new user comes back with its input and each error beside its field', async (t) => {
  const { browser } = await scene(t, 'sqlite')
  await browser.open('/admin/users/new')
  const wrong = { username: 'a@b', email: 'nowhere@x', full_name: 'A <b>', role: 'user', expires_in: '86400' }
  const { statusCode, body } = await browser.submit('/admin/users/new', wrong)
  assert.equal(statusCode, 422)
  const summary = parsePage(body).alert()
  assert.deepEqual([summary.linksTo('#username').length, summary.linksTo('#email').length], [1, 1])
  assert.deepEqual(
    [valueIn(body, 'username'), valueIn(body, 'email'), valueIn(body, 'full_name')],
    ['a@b', 'nowhere@x', 'A <b>'],
  )
  const empty = await browser.submit('/admin/users/new', { username: '', email: '', full_name: '' })
  assert.match(parsePage(empty).field('Username').description, /Enter a username\./)
  const endless = await browser.submit('/admin/users/new', { username: 'bob', expires_in: '999999999' })
  assert.equal(endless.statusCode, 422)
  assert.ok(parsePage(endless).field('The invitation works for').invalid)
  const root = await browser.submit('/admin/users/new', { username: 'bob', role: 'root' })
  assert.equal(root.statusCode, 422)
  assert.notEqual(textIn(root.body, 'role-error'), '')
  assert.deepEqual(namesOn((await browser.open('/admin/users')).body), ['root'])
})

onEitherDatabase(
  'another admin is created after a re-authentication only, and the input is restored without being in a URL',
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
    const reauthenticated = await browser.submit(place, { password: PASSWORD, code: admin.code() })
    const { body } = await browser.open(String(reauthenticated.headers.location))
    assert.deepEqual(
      [valueIn(body, 'username'), valueIn(body, 'email'), valueIn(body, 'full_name'), valueIn(body, 'expires_in')],
      ['eve', 'eve@example.org', 'Eve & Co', '3600'],
    )
    assert.ok(parsePage(body).field('Admin').checked)
    assert.doesNotMatch(body, /There is a problem/)
    assert.equal(valueIn((await browser.open('/admin/users/new')).body, 'username'), undefined)
    assert.deepEqual(namesOn((await browser.open('/admin/users')).body), ['root'])
  },
)

test('input before a re-authentication is restored in its own session only, and never from the URL', async (t) => {
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
  const address = parsePage(await browser.open('/admin/users')).link('New invitation for bob')
  assert.match(parsePage(await browser.open(address)).text, /Makes a new invitation link for bob/)
  const card = (await browser.submit(address, { expires_in: '3600' })).body
  const [, path = ''] = LINK.exec(textIn(card, 'invitation-link')) ?? []
  assert.equal(parsePage(card).heading, 'Invitation for bob')
  assert.match(parsePage(card).main.text, /in 1 hour/)
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
  assert.match(parsePage(refused).text, /already has a password and a second step/)
  assert.equal((await browser.submit('/admin/users/99999/invitation', {})).statusCode, 404)
  assert.equal((await browser.open('/admin/users/99999/invitation')).statusCode, 404)
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
