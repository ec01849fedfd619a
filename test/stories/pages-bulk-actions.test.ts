// Actions on the selected users: the confirmation, the report, and the users that are left out.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { LightMyRequestResponse } from 'fastify'

import { hours } from '../../src/foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { hiddenIn, valueIn } from '../support/pages/page-answers.ts'
import { newcomer } from '../support/people/people.ts'
import { LINK, scene, invite, namesOn, ticked } from '../support/pages/admin-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

/** Asserts that the heading counts the changed users, and that a status names the others. */
function assertReport(answer: LightMyRequestResponse, heading: string, rest: RegExp): void {
  const page = parsePage(answer)
  assert.equal(page.heading, heading)
  assert.ok(
    page.withRole('status').some((text) => rest.test(text)),
    page.text,
  )
}

onEitherDatabase(
  'several users are disabled after a confirmation by name, one by one, with a report of those left out',
  async (t, dialect) => {
    const { server, admin, browser } = await scene(t, dialect)
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    const [bob = 0] = await invite(server, 'bob')
    const me = Number((await admin.asks('GET', '/users/me')).body['id'])
    const adaId = Number((await ada.asks('GET', '/users/me')).body['id'])
    const list = (await browser.open('/admin/users?status=all&sort=-username')).body
    const { name, type } = parsePage(list).field('Select bob')
    assert.deepEqual([name, type], [`user-${bob}`, 'checkbox'])
    const wish = { action: 'disable', from: '/admin/users?sort=-username', ...ticked(bob, adaId, me) }
    const asked = await browser.submit('/admin/users/bulk', wish)
    assert.equal(asked.statusCode, 200)
    assert.equal(parsePage(asked).heading, 'Disable 3 users?')
    assert.match(parsePage(asked).text, /ada[\s\S]*bob[\s\S]*root/)
    assert.equal(parsePage(asked).link('Cancel'), '/admin/users?sort=-username')
    assert.equal((await ada.asks('GET', '/users/me')).status, 200, 'asking does it already')
    const done = await browser.submit('/admin/users/bulk', { ...wish, confirmed: 'yes' })
    assert.equal(done.statusCode, 200)
    assertReport(done, '2 users disabled', /1 skipped/)
    assert.match(parsePage(done).main.text, /ada .*Disabled.* bob .*Disabled.* root .*last active admin.*Left out/)
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    const again = await browser.submit('/admin/users/bulk', { ...wish, confirmed: 'yes' })
    assert.equal(parsePage(again).text.match(/Was disabled already/g)?.length, 2)
    assertReport(again, 'No users were disabled', /2 were already disabled · 1 skipped/)
    const enabled = await browser.submit('/admin/users/bulk', {
      action: 'enable',
      confirmed: 'yes',
      ...ticked(bob, adaId),
    })
    assert.equal(parsePage(enabled).heading, '2 users enabled')
    assert.doesNotMatch(enabled.body, /skipped|already/)
    assert.deepEqual(namesOn((await browser.open('/admin/users?status=disabled')).body), [])
    await ada.signsIn()
  },
)

onEitherDatabase(
  'signing several users out keeps the admin’s own session, and another admin is distinguished from the last',
  async (t, dialect) => {
    const { admin, browser } = await scene(t, dialect)
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    await newcomer(admin, 'eve', { role: 'admin' })
    const me = Number((await admin.asks('GET', '/users/me')).body['id'])
    const adaId = Number((await ada.asks('GET', '/users/me')).body['id'])
    await browser.open('/admin/users')
    const wish = { action: 'sign-out', ...ticked(me, adaId) }
    assert.equal(
      parsePage(await browser.submit('/admin/users/bulk', wish)).main.button(/^Sign out/).action,
      '/admin/users/bulk',
    )
    const { body } = await browser.submit('/admin/users/bulk', { ...wish, confirmed: 'yes' })
    assert.match(parsePage(body).main.text, /ada .*Signed out.* root .*your own account.*Left out/)
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    assert.equal((await browser.open('/admin/users')).statusCode, 200)
    const own = await browser.submit('/admin/users/bulk', { action: 'disable', confirmed: 'yes', ...ticked(me) })
    assertReport(own, 'No users were disabled', /1 skipped/)
    assert.match(parsePage(own).main.text, /your own account/)
  },
)

onEitherDatabase(
  'several new invitations have one link each, and the earlier links are revoked',
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
    assert.match(parsePage(done).main.text, /ada .*already has a password.*Left out/)
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
  assert.match(parsePage(body).title, /^Error: /)
  assert.equal(parsePage(body).alert().linksTo('#expires_in').length, 1)
  assert.ok(parsePage(body).field('The invitation works for').invalid)
  assert.equal(hiddenIn(body, `user-${Number(bob['id'])}`), 'yes')
  assert.equal((await server.app.inject({ url: old })).statusCode, 200)
  const disabled = await browser.submit('/admin/users/bulk', { ...wish, action: 'disable', expires_in: '999999999' })
  assert.equal(parsePage(disabled).heading, '1 user disabled')
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
    assert.equal(parsePage(body).link('Back to the list'), '/admin/users?status=active', what)
  }
  const none = await browser.submit('/admin/users/bulk', { action: 'delete', confirmed: 'yes', ...ticked(1) })
  assert.equal(none.statusCode, 422)
  for (const from of ['https://evil.example/', '//evil.example', '/admin/usersx', '/account']) {
    const { body } = await browser.submit('/admin/users/bulk', { action: 'enable', from, ...ticked(1) })
    assert.equal(parsePage(body).link('Cancel'), '/admin/users', from)
  }
  const alone = await browser.open('/admin/users/bulk')
  assert.equal(alone.statusCode, 200)
  assert.match(parsePage(alone).text, /Nobody is selected/)
  assert.equal(parsePage(alone).link('Back to the list'), '/admin/users')
})

test('the report of a bulk action is in German too, by outcome', async (t) => {
  const { server, browser } = await scene(t, 'sqlite', 'de')
  const [bob = 0, eve = 0] = await invite(server, 'bob', 'eve')
  await browser.open('/admin/users')
  const reportOn = (action: string, ...ids: number[]): Promise<LightMyRequestResponse> =>
    browser.submit('/admin/users/bulk', { action, confirmed: 'yes', ...ticked(...ids) })
  assert.equal(parsePage(await reportOn('disable', bob)).heading, '1 Benutzer deaktiviert')
  assertReport(await reportOn('disable', bob, eve), '1 Benutzer deaktiviert', /1 war schon deaktiviert/)
  const none = await reportOn('disable', bob, eve)
  assertReport(none, 'Keine Benutzer deaktiviert', /2 waren schon deaktiviert/)
  assertReport(await reportOn('invite', bob, eve), 'Keine neuen Einladungen', /2 ausgelassen/)
})
