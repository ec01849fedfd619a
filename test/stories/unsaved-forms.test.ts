// A form that is sent after its session has ended is kept for the next session of its user, filled in again and never sent by itself.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { hours, minutes } from '#foundation/kernel/time.ts'
import { assertLeadsTo, hiddenIn, signsIn } from '../support/pages/page-answers.ts'
import { ownPageScene, stored, userPageScene } from '../support/pages/page-scenes.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const NOT_SAVED = 'Not saved yet. Check it and save.'
const KEPT = '/sign-in?next=%2Faccount&because=kept'
const UNSAVED = '/sign-in?next=%2Faccount&because=unsaved'
const PROFILE = { username: 'ada', email: 'ada@example.org', locale: '', time_zone: '' }

/** A user whose session ends while the profile is open: the sealed field of its form. */
async function endedScene(t: TestContext) {
  const scene = await ownPageScene(t)
  const page = hiddenIn(await scene.browser.page('/account'), 'page')
  scene.server.clock.pass(hours(1))
  return { ...scene, page }
}

/** Sends the profile with this name. */
function sendsName(browser: Visitor, page: string, name: string): Promise<LightMyRequestResponse> {
  return browser.submit('/account', { ...PROFILE, full_name: name, page })
}

/** The name in the form of the profile, and whether the page says that it is not saved. */
async function shownName(browser: Visitor): Promise<readonly [name: string, isUnsaved: boolean]> {
  const page = await browser.page('/account')
  return [page.field(/^Full name/).value, page.text.includes(NOT_SAVED)]
}

test('after the sign-in of the same user the form stands filled in, once, and is not sent', async (t) => {
  const { server, ada, browser, page } = await endedScene(t)
  assertLeadsTo(await sendsName(browser, page, 'Ada King'), KEPT)
  assert.match((await browser.page(KEPT)).text, /without activity\. Your change isn’t saved yet\./)
  const { username, password } = ada
  assertLeadsTo(await browser.submit(KEPT, { username, password }), '/sign-in/second-step?next=%2Faccount')
  assertLeadsTo(await browser.submit('/sign-in/second-step?next=%2Faccount', { code: ada.code() }), '/account')
  assert.deepEqual(await shownName(browser), ['Ada King', true])
  assert.deepEqual(await shownName(browser), ['Ada Lovelace', false])
  assert.equal((await stored(server, 'ada')).fullName, 'Ada Lovelace')
})

leaveToTestAll()

test('another user gets nothing of it, and neither does its user after ten minutes', async (t) => {
  const { server, admin, ada, browser, page } = await endedScene(t)
  await sendsName(browser, page, 'Ada King')
  const draft = browser.cookies.get('unsaved') ?? ''
  assert.doesNotMatch(Buffer.from(draft, 'base64url').toString('latin1'), /Ada|King/)
  const bob = await newcomer(await admin.signsIn(), 'bob')
  await browser.submit('/sign-in', { username: 'bob', password: bob.password })
  await browser.submit('/sign-in/second-step', { code: bob.code() })
  assert.deepEqual(await shownName(browser), ['', false])
  await browser.submit('/sign-out', {})
  server.clock.pass(minutes(10))
  await signsIn(browser, ada)
  browser.cookies.set('unsaved', draft)
  assert.deepEqual(await shownName(browser), ['Ada Lovelace', false])
})

test('a form that is too large, or whose sealed field is absent or was changed, is lost and says so', async (t) => {
  const { ada, browser, page } = await endedScene(t)
  const changed = page.slice(0, -4) + (page.endsWith('AAAA') ? 'BBBB' : 'AAAA')
  for (const [name, sealed] of [
    ['x'.repeat(4000), page],
    ['x'.repeat(9000), page],
    ['Ada King', ''],
    ['Ada King', changed],
    ['Ada King', 'nonsense'],
  ] as const)
    assertLeadsTo(await sendsName(browser, sealed, name), UNSAVED)
  assert.ok(!browser.cookies.has('unsaved'))
  await signsIn(browser, ada)
  assert.deepEqual(await shownName(browser), ['Ada Lovelace', false])
})

test('a form with a password or a code, and a button without fields, is not kept', async (t) => {
  const { server, browser } = await ownPageScene(t)
  const forms = ['/account/security/password', '/account/security/tokens/new']
  for (const path of forms) assert.equal(hiddenIn(await browser.page(path), 'page'), '', path)
  const page = hiddenIn(await browser.page('/account'), 'page')
  server.clock.pass(hours(1))
  const secrets = { password: 'three calm words', code: '123456', recovery_code: 'abcd' }
  await browser.submit('/account', { ...PROFILE, full_name: 'Ada King', ...secrets, page })
  const plain = { ...PROFILE, full_name: 'Ada King', page }
  const kept = browser.cookies.get('unsaved')?.length
  await browser.submit('/account', plain)
  assert.equal(browser.cookies.get('unsaved')?.length, kept, 'a secret was kept')
  assertLeadsTo(await browser.submit('/account/security/sessions/end-others', {}), '/sign-in?because=unsaved')
})

test('a form from another site is refused, and nothing of it is kept', async (t) => {
  const { browser, page } = await endedScene(t)
  const fields = { ...PROFILE, full_name: 'Mallory', page }
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const answer = await browser.submit('/account', fields, headers)
    assert.equal(answer.statusCode, 403)
    assert.ok(!browser.cookies.has('unsaved'))
  }
})

test('a body that is too long or unreadable is answered as that of any form without a session', async (t) => {
  const { server, browser } = await endedScene(t)
  const { publicUrl } = server.doorward.config
  for (const [payload, type] of [
    ['full_name=%ff', 'application/x-www-form-urlencoded'],
    [`full_name=${'x'.repeat(70_000)}`, 'application/x-www-form-urlencoded'],
    ['{}', 'application/json'],
  ] as const) {
    const cookie = `session=${browser.cookies.get('session')}`
    const headers = { cookie, origin: publicUrl, 'content-type': type }
    const answer = await server.app.inject({ method: 'POST', url: '/account', headers, payload })
    assertLeadsTo(answer, UNSAVED)
  }
})

test('the forms of an admin are kept as well: a group, the details of a user, a new user, a list of them', async (t) => {
  const { server, admin, browser, page: user } = await userPageScene(t)
  const made = await admin.asks('POST', '/groups', { name: 'Lab' })
  const forms: readonly (readonly [path: string, field: string | RegExp, name: string])[] = [
    ['/admin/groups/new', /^Name/, 'name'],
    [`/admin/groups/${String(made.body['id'])}/edit`, /^Description/, 'description'],
    [user, /^Full name/, 'full_name'],
    ['/admin/users/new', /^Full name/, 'full_name'],
    ['/admin/users/invite-many', /^List of users/, 'csv'],
  ]
  for (const [path, field, name] of forms) {
    const shown = await browser.page(path)
    const page = hiddenIn(shown, 'page')
    assert.notEqual(page, '', path)
    server.clock.pass(hours(1))
    const answer = await browser.submit(path, { [name]: 'Kept text', page })
    assertLeadsTo(answer, `/sign-in?next=${encodeURIComponent(path)}&because=kept`)
    await signsIn(browser, admin)
    const filled = await browser.page(path)
    assert.equal(filled.field(field).value.trim(), 'Kept text', path)
    assert.ok(filled.text.includes(NOT_SAVED), path)
  }
})
