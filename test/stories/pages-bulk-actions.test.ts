// Actions on the selected users: the confirmation, the report, and the users that are left out.
import assert from 'node:assert/strict'

import { hours } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { adminScene, invitationPath, invite, LINK, namesOn, stored, ticked } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newcomer } from '../support/people/people.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const BULK = '/admin/users/bulk'

/** Asserts that the heading counts the changed users, and that a status names the others. */
function assertReport(page: ParsedPage, heading: string, rest: RegExp): void {
  assert.equal(page.heading, heading)
  assert.match(page.statuses().join(' | '), rest)
}

leaveToTestAll()

onEitherDatabase(
  'several users are disabled after a confirmation by name, one by one, with a report of those left out',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    const [bob = 0] = await invite(server, 'bob')
    const [me, adaId] = [await idOf(admin), await idOf(ada)]
    const list = await browser.page('/admin/users?status=all&sort=-username')
    const { name, type } = list.field('Select bob')
    assert.deepEqual([name, type], [`user-${bob}`, 'checkbox'])
    const wish = { action: 'disable', from: '/admin/users?sort=-username', ...ticked(bob, adaId, me) }
    const asked = await browser.pageAfter(BULK, wish)
    assert.equal(asked.heading, 'Disable 2 users?')
    assert.match(asked.main.text, /ada.*bob.*root.*your own account.*Will be skipped/)
    assert.equal(asked.link('Cancel'), '/admin/users?sort=-username')
    assert.equal((await ada.asks('GET', '/users/me')).status, 200, 'asking does it already')
    const done = await browser.pageAfter(BULK, { ...wish, confirmed: 'yes' })
    assertReport(done, '2 users disabled', /1 skipped/)
    assert.match(done.main.text, /ada .*Disabled.* bob .*Disabled.* root .*only active admin.*Skipped/)
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    const again = await browser.pageAfter(BULK, { ...wish, confirmed: 'yes' })
    assert.equal(again.text.match(/Already disabled/g)?.length, 2)
    assertReport(again, 'No users were disabled', /2 were already disabled · 1 skipped/)
    const enabled = await browser.pageAfter(BULK, { action: 'enable', confirmed: 'yes', ...ticked(bob, adaId) })
    assert.equal(enabled.heading, '2 users enabled')
    assert.doesNotMatch(enabled.text, /skipped|already/)
    assert.deepEqual(namesOn(await browser.page('/admin/users?status=disabled')), [])
    await ada.signsIn()
  },
)

onEitherDatabase(
  'signing several users out keeps the admin’s own session, and another admin is distinguished from the last',
  async (t, dialect) => {
    const { admin, browser } = await adminScene(t, { dialect })
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    await newcomer(admin, 'eve', { role: 'admin' })
    const [me, adaId] = [await idOf(admin), await idOf(ada)]
    const wish = { action: 'sign-out', ...ticked(me, adaId) }
    assert.equal((await browser.pageAfter(BULK, wish)).main.button(/^Sign out/).action, BULK)
    const page = await browser.pageAfter(BULK, { ...wish, confirmed: 'yes' })
    assert.match(page.main.text, /ada .*Signed out.* root .*your own account.*Skipped/)
    assert.equal((await ada.asks('GET', '/users/me')).status, 401)
    await browser.page('/admin/users')
    const own = await browser.pageAfter(BULK, { action: 'disable', confirmed: 'yes', ...ticked(me) })
    assertReport(own, 'No users were disabled', /1 skipped/)
    assert.match(own.main.text, /your own account/)
  },
)

onEitherDatabase(
  'several new invitations have one link each, and the earlier links are revoked',
  async (t, dialect) => {
    const { server, admin, browser } = await adminScene(t, { dialect })
    const old = await invitationPath(admin, 'bob')
    const ada = await (await newcomer(admin, 'ada')).signsIn()
    const { id: bob } = await stored(server, 'bob')
    const wish = { action: 'invite', ...ticked(bob, await idOf(ada)) }
    const asked = await browser.pageAfter(BULK, wish)
    assert.equal(asked.heading, 'Create 1 invitation?')
    assert.match(asked.main.text, /ada .*already has a password.*Will be skipped/)
    assert.equal(asked.sent('expires_in'), '604800')
    const answer = await browser.submit(BULK, { ...wish, confirmed: 'yes', expires_in: '3600' })
    assert.equal(answer.headers['cache-control'], 'no-store')
    const done = parsePage(answer)
    const [, path = ''] = LINK.exec(done.text) ?? []
    assert.equal(done.markup.match(new RegExp(LINK, 'g'))?.length, 1)
    assert.match(done.main.text, /bob .*Invitation created.*ada .*already has a password.*Skipped/)
    assert.equal(done.count('.panel .face .avatar'), 2)
    const visitor = new Visitor(server)
    await visitor.page(old, 404)
    await visitor.page(path)
    server.clock.pass(hours(1))
    await visitor.page(path, 404)
  },
)

test('a lifetime that is not offered is refused beside the field, and no user is invited', async (t) => {
  const { server, admin, browser } = await adminScene(t)
  const old = await invitationPath(admin, 'bob')
  const { id } = await stored(server, 'bob')
  const wish = { action: 'invite', confirmed: 'yes', expires_in: '999999999', ...ticked(id) }
  const page = await browser.pageAfter(BULK, wish, 422)
  assert.match(page.title, /^Error: /)
  assert.deepEqual(page.alert().targets('#'), ['#expires_in'])
  assert.ok(page.field('Link expires after').invalid)
  assert.equal(page.hidden(`user-${id}`), 'yes')
  await new Visitor(server).page(old)
  const disabled = await browser.pageAfter(BULK, { ...wish, action: 'disable' })
  assert.equal(disabled.heading, '1 user disabled')
})

test('a bulk action on no user, deleted users, too many users or of an unknown kind changes nothing and links to the list', async (t) => {
  const { browser } = await adminScene(t)
  const from = '/admin/users?status=active'
  const many = ticked(...Array.from({ length: 201 }, (_, at) => at + 1))
  for (const fields of [{}, ticked(99_999), { confirmed: 'yes', ...many }]) {
    const page = await browser.pageAfter(BULK, { action: 'disable', from, ...fields }, 422)
    assert.equal(page.main.link('Users'), from)
  }
  await browser.pageAfter(BULK, { action: 'delete', confirmed: 'yes', ...ticked(1) }, 422)
  for (const from of ['https://evil.example/', '//evil.example', '/admin/usersx', '/account']) {
    const page = await browser.pageAfter(BULK, { action: 'enable', from, ...ticked(1) })
    assert.equal(page.heading, 'No users to enable')
    assert.equal(page.main.link('Users'), '/admin/users', from)
  }
  const alone = await browser.page(BULK)
  assert.match(alone.text, /No users selected/)
  assert.equal(alone.main.link('Users'), '/admin/users')
})

test('the report of a bulk action is in German too, by outcome', async (t) => {
  const { server, browser } = await adminScene(t, { language: 'de' })
  const [bob = 0, eve = 0] = await invite(server, 'bob', 'eve')
  const reportOn = (action: string, ...ids: number[]): Promise<ParsedPage> =>
    browser.pageAfter(BULK, { action, confirmed: 'yes', ...ticked(...ids) })
  assert.equal((await reportOn('disable', bob)).heading, '1 Benutzer deaktiviert')
  assertReport(await reportOn('disable', bob, eve), '1 Benutzer deaktiviert', /1 war schon deaktiviert/)
  const none = await reportOn('disable', bob, eve)
  assertReport(none, 'Keine Benutzer deaktiviert', /2 waren schon deaktiviert/)
  assertReport(await reportOn('invite', bob, eve), 'Keine Einladungen erstellt', /2 ausgelassen/)
})
