// The form for a new user, the invitation that it creates, and a later invitation.
import assert from 'node:assert/strict'

import { days, hours, minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene, invitationPath, LINK, namesOn, userPageScene } from '../support/pages/page-scenes.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { PASSWORD } from '../support/people/people.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const NEW = '/admin/users/new'

function typedOn(page: ParsedPage): (string | undefined)[] {
  return ['username', 'email', 'full_name', 'expires_in'].map((name) => page.sent(name))
}

leaveToTestAll()

onEitherDatabase(
  'a new user’s invitation is handed over on the page to which the form leads, and works once',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    const form = await browser.page(NEW)
    assert.equal(form.sent('role'), 'user')
    for (const label of ['Username', 'Email (optional)', 'Full name (optional)'])
      assert.equal(form.field(label).attribute('autocomplete'), 'off')
    assert.equal(form.sent('expires_in'), '604800')
    const names = { username: 'bob', email: 'bob@example.org', full_name: 'Bob <i>' }
    const fields = { ...names, role: 'user', expires_in: '86400' }
    const made = await browser.pageBehind(NEW, fields)
    const [url = '', path = ''] = LINK.exec(made.part('invitation-link').text) ?? []
    assert.match(made.text, /This link is for Bob <i> only.* Anyone with this link can claim the account/)
    assert.deepEqual([made.count('.primary'), made.count('.primary[data-copies=invitation-link]')], [1, 1])
    for (const part of ['[data-copies=invitation-link]', '[role=img] svg', '[data-copies=invitation-message]'])
      assert.equal(made.count(part), 1, part)
    const until = /Expires (.*? UTC) ·/.exec(made.part('invitation-end').text)?.[1] ?? ''
    assert.equal(Date.parse(until.replace(' at ', ' ')), Math.floor((server.clock.now() + days(1)) / 1000) * 1000)
    const message = made.part('invitation-message').text
    assert.ok(message.includes(url) && message.includes(until) && message.includes('Hello Bob <i>'), message)
    const mail = new URL(made.link('Send by email'))
    const parameters = new URLSearchParams(mail.search)
    assert.deepEqual(
      [mail.protocol, mail.pathname, parameters.get('subject')],
      ['mailto:', 'bob@example.org', 'Your account on Doorward'],
    )
    assert.equal(parameters.get('body')?.replaceAll(/(?:\r\n)+/g, ' '), message)
    const visitor = new Visitor(server)
    assert.match(
      (await visitor.page(path)).text,
      /Hello Bob <i>\. root created an account for you.*works until \w{3}, \d+ \w{3} \d{4}, \d\d:\d\d UTC · in 1 day\./,
    )
    assert.ok(!server.logText().includes(path.split('/').at(-1) ?? path), 'the log holds the link')
    for (const page of ['/admin/users', NEW, '/admin/users?status=invited']) {
      assert.doesNotMatch((await browser.page(page)).markup, LINK, page)
    }
    assert.match((await browser.page('/admin/users')).text, /Invitation expires in 1 day/)
    const { columns, rows } = (await browser.page('/admin/users?status=invited')).table()
    assert.deepEqual(columns.slice(1, -1), ['Username', 'Email', 'Link', 'Invited', 'Sent'])
    assert.deepEqual(rows[0]?.slice(3, -1), ['Expires in 1 day', 'just now by root', 'As a link'])
    const twice = await browser.pageAfter(NEW, fields, 409)
    assert.match(twice.title, /^Error: New user – Users/)
    assert.ok(twice.field('Username').invalid)
    assert.equal(twice.link(/^Username: /), '#username')
    assert.deepEqual(typedOn(twice), ['bob', 'bob@example.org', 'Bob <i>', '86400'])
    server.clock.pass(days(1))
    await visitor.page(path, 404)
  },
)

test('an invalid form for a new user comes back with its input and each error beside its field', async (t) => {
  const { browser } = await adminScene(t)
  const fields = { username: 'a@b', email: 'nowhere@x', full_name: 'A <b>', role: 'user', expires_in: '86400' }
  const wrong = await browser.pageAfter(NEW, fields, 422)
  assert.deepEqual(wrong.alert().targets('#'), ['#username', '#email'])
  assert.deepEqual(typedOn(wrong), ['a@b', 'nowhere@x', 'A <b>', '86400'])
  const empty = await browser.pageAfter(NEW, { username: '', email: '', full_name: '' }, 422)
  assert.match(empty.field('Username').description, /Enter a username\./)
  const endless = await browser.pageAfter(NEW, { username: 'bob', expires_in: '999999999' }, 422)
  assert.ok(endless.field('Link expires after').invalid)
  assert.match(endless.field('Link expires after').description, /Choose one of the times in the list/)
  const root = await browser.pageAfter(NEW, { username: 'bob', role: 'root' }, 422)
  assert.notEqual(root.part('role-error').text, '')
  assert.deepEqual(namesOn(await browser.page('/admin/users')), ['root'])
})

onEitherDatabase(
  'another admin is created after a re-authentication only, and the input is restored without being in a URL',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    server.clock.pass(minutes(11))
    const names = { username: 'eve', email: 'eve@example.org', full_name: 'Eve & Co' }
    const fields = { ...names, role: 'admin', expires_in: '3600' }
    const sent = await browser.submit(NEW, fields)
    const path = '/confirm?next=%2Fadmin%2Fusers%2Fnew'
    assertLeadsTo(sent, path)
    assert.doesNotMatch(JSON.stringify(sent.headers), /eve@example\.org|Eve & Co/)
    const reauthenticated = await browser.submit(path, { password: PASSWORD, code: admin.code() })
    const page = await browser.page(String(reauthenticated.headers.location))
    assert.deepEqual(typedOn(page), ['eve', 'eve@example.org', 'Eve & Co', '3600'])
    assert.equal(page.sent('role'), 'admin')
    assert.doesNotMatch(page.text, /There’s a problem/)
    assert.equal((await browser.page(NEW)).sent('username'), undefined)
    assert.deepEqual(namesOn(await browser.page('/admin/users')), ['root'])
  },
)

test('input before a re-authentication is restored in its own session only, and never from the URL', async (t) => {
  const { server, admin, browser } = await adminScene(t)
  const other = await signedInBrowser(admin)
  server.clock.pass(minutes(11))
  await browser.submit(NEW, { username: 'eve', role: 'admin' })
  const [name, sealed] = [...browser.cookies].find(([cookie]) => cookie.endsWith('draft')) ?? []
  assert.ok(name !== undefined && sealed !== undefined)
  for (const value of [sealed, `${sealed.slice(0, -2)}AA`, 'x']) {
    other.cookies.set(name, value)
    assert.equal((await other.page(NEW)).sent('username'), undefined)
    assert.ok(!other.cookies.has(name))
  }
  assert.equal((await other.page('/admin/users/new?username=eve')).sent('username'), undefined)
  const long = { username: 'eve', full_name: '\u{1F600}'.repeat(2000), role: 'admin' }
  browser.cookies.delete(name)
  assertLeadsTo(await browser.submit(NEW, long), '/confirm?next=%2Fadmin%2Fusers%2Fnew')
  assert.ok(!browser.cookies.has(name))
})

test('a reload of the page of a new invitation shows it again to the session that made it, for five minutes', async (t) => {
  const { server, admin, browser } = await adminScene(t)
  const answer = await browser.submit(NEW, { username: 'bob', role: 'user' })
  const page = String(answer.headers.location)
  assert.match(page, /^\/admin\/users\/\d+\/invitation\?made=yes$/)
  const shown = async (of: Visitor) => LINK.exec((await of.page(page)).markup)?.[0]
  const link = await shown(browser)
  assert.match(link ?? '', LINK)
  assert.equal(await shown(browser), link)
  const [name, sealed = ''] = [...browser.cookies].find(([cookie]) => cookie.endsWith('made')) ?? []
  assert.ok(name !== undefined && !sealed.includes(link?.split('/').at(-1) ?? ''))
  assert.ok(
    (await browser.page(page.replace(/\?.*/, ''))).button('Create invitation'),
    'another one can be made at once',
  )
  const another = await signedInBrowser(admin)
  another.cookies.set(name, sealed)
  assert.equal(await shown(another), undefined, 'another session of the same admin')
  const ofRoot = page.replace(/\d+/, String((await admin.asks('GET', '/users/me')).body['id']))
  assert.doesNotMatch((await browser.page(ofRoot)).markup, LINK, 'the page of another user')
  browser.cookies.set(name, `${sealed.slice(0, -2)}AA`)
  assert.equal(await shown(browser), undefined, 'a changed cookie')
  browser.cookies.set(name, sealed)
  assert.equal(await shown(browser), link)
  assert.equal(itemsOf(await admin.asks('GET', '/users?q=bob')).length, 1)
  server.clock.pass(minutes(5))
  const over = await browser.page(page)
  assert.doesNotMatch(over.markup, LINK)
  assert.match(over.text, /create a new link for bob/)
})

onEitherDatabase('a second invitation for a user revokes the first', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  const old = await invitationPath(admin, 'bob')
  const page = (await browser.page('/admin/users')).link('Create invitation')
  assert.match((await browser.page(page)).text, /create a new link for bob/)
  const card = await browser.pageBehind(page, { expires_in: '3600' })
  const [, path = ''] = LINK.exec(card.part('invitation-link').text) ?? []
  assert.equal(card.heading, 'Invitation for bob')
  assert.ok(!card.links().includes('Send by email'), 'a message without an address')
  assert.match(card.main.text, /in 1 hour/)
  const visitor = new Visitor(server)
  await visitor.page(old, 404)
  await visitor.page(path)
  server.clock.pass(hours(1))
  await visitor.page(path, 404)
})

test('an invitation for a user who needs none is refused with the reason, and for an unknown user is not found', async (t) => {
  const { browser, page } = await userPageScene(t)
  const refused = await browser.pageAfter(`${page}/invitation`, {}, 409)
  assert.match(refused.text, /already has a password and a second step/)
  await browser.pageAfter('/admin/users/99999/invitation', {}, 404)
  await browser.page('/admin/users/99999/invitation', 404)
})

test('the API takes how long an invitation works too, within the bounds of the setting', async (t) => {
  const { server, admin } = await adminScene(t)
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
