// The language of a page: the one the user chose, else the one an app asks for, else the one the browser asks for, else English.
import assert from 'node:assert/strict'

import { assertLeadsTo, assertShowsCodes, authenticatorOn, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene, invitationPath, visitorScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const ASKED: readonly [accepted: string | undefined, language: string][] = [
  [undefined, 'en'],
  ['de-AT,de;q=0.9,en;q=0.5', 'de'],
  ['fr-FR,fr;q=0.9', 'en'],
  ['fr, de;q=0.4, en;q=0.3', 'de'],
  ['de;q=nonsense', 'en'],
  ['*', 'en'],
]

test('a page is in the language that the browser asks for, names it in `lang`, and varies by Accept-Language', async (t) => {
  const { visitor } = await visitorScene(t)
  for (const [accepted, language] of ASKED) {
    const headers = accepted === undefined ? {} : { 'accept-language': accepted }
    for (const url of ['/sign-in', '/no-such-page', '/problems/throttle.blocked']) {
      const answer = await visitor.open(url, 'GET', headers)
      assert.equal(parsePage(answer).language, language, `${url} for ${accepted}`)
      assert.equal(answer.headers.vary, 'accept-language', url)
    }
  }
})

test('the language that an app asks for stays through all steps of a sign-in', async (t) => {
  const { admin, visitor } = await visitorScene(t, { language: 'en' })
  const asked = '?next=%2Faccount&ui_locales=de'
  const page = await visitor.page('/sign-in?ui_locales=fr+de-AT+en&next=/account')
  assert.equal(page.language, 'de')
  assert.ok(page.actions().includes(`/sign-in${asked}`))
  assert.equal(page.linksTo(`/sign-in/help${asked}`).length, 1)
  assert.equal((await visitor.page(`/sign-in/help${asked}`)).linksTo(`/sign-in${asked}`).length, 1)
  const { username, password } = admin
  const step = `/sign-in/second-step${asked}`
  assertLeadsTo(await visitor.submit(`/sign-in${asked}`, { username, password }), step)
  const second = await visitor.page(step)
  assert.deepEqual([second.language, second.linksTo(`/sign-in${asked}`).length], ['de', 1])
  assertLeadsTo(await visitor.submit(step, { code: admin.code() }), '/account')
  assert.equal((await visitor.page('/account')).language, 'en')
})

leaveToTestAll()

test('the language that an app asks for stays through an enrolment', async (t) => {
  const { admin, visitor } = await visitorScene(t)
  await visitor.submit(await invitationPath(await admin.signsIn(), 'bob'), { password: PASSWORD })
  const asked = '?next=%2Faccount%2Fsecurity&ui_locales=de'
  const choice = await visitor.page(`/enrolment${asked}`)
  assert.deepEqual([choice.language, choice.linksTo(`/enrolment/app${asked}`).length], ['de', 1])
  const page = await visitor.page(`/enrolment/app${asked}`)
  assert.deepEqual([page.language, page.actions().includes(`/enrolment/app${asked}`)], ['de', true])
  const code = authenticatorOn(page).code(admin.server.clock.now())
  const done = await visitor.submit(`/enrolment/app${asked}`, { code })
  assert.equal(parsePage(done).language, 'de')
  assertShowsCodes(done, '/account/security')
})

test('the language that a user chose wins over the one that an app asks for', async (t) => {
  const { server, browser } = await adminScene(t)
  assert.equal((await browser.page('/account?ui_locales=de')).language, 'de')
  await server.doorward.db.updateTable('users').set({ locale: 'en' }).execute()
  assert.equal((await browser.page('/account?ui_locales=de')).language, 'en')
})

test('where programs of other origins may read answers, both reasons to differ are named', async (t) => {
  const server = await start(t, { settings: { cors_origins: 'https://app.example.org' } })
  assert.equal((await new Visitor(server).open('/sign-in')).headers.vary, 'accept-language, origin')
})

const CHOSEN: readonly [locale: string | null, accepted: string, language: string][] = [
  ['de-CH', 'en', 'de'],
  ['en-GB', 'de', 'en'],
  [null, 'de', 'de'],
  ['fr', 'de', 'de'],
  ['no such \u0007 language', 'de', 'de'],
]

test('the language that a user chose wins over the browser’s; an unsupported one is ignored', async (t) => {
  const { server, root } = await startWithAdmin(t)
  for (const [locale, accepted, language] of CHOSEN) {
    await server.doorward.db.updateTable('users').set({ locale }).execute()
    const browser = await signedInBrowser(root)
    const answer = await browser.open('/account', 'GET', { 'accept-language': accepted })
    assert.equal(parsePage(answer).language, language, `${locale} with ${accepted}`)
  }
})

test('an externally inserted unknown time zone breaks no page', async (t) => {
  const { server, browser } = await adminScene(t)
  await server.doorward.db.updateTable('users').set({ time_zone: 'Mars/Olympus_Mons' }).execute()
  for (const url of ['/account', '/account/activity', '/admin/users', '/admin/activity']) await browser.page(url)
  const times = (await browser.page('/account/security')).times()
  assert.ok(times.length > 0 && times.every(({ title }) => title.endsWith(' UTC')))
})

test('programs get English, whatever language they ask for', async (t) => {
  const sent = { payload: { username: 1 }, headers: { 'accept-language': 'de' } }
  const { raw } = await ask(await start(t), 'POST', '/attempts', sent)
  assert.match(raw.body, /"detail":"This must be a string\."/)
  assert.equal(raw.headers.vary, undefined)
})
