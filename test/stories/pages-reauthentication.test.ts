// Re-authentication before a sensitive action, on the page.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { minutes } from '../../src/foundation/kernel/time.ts'
import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, mainOf, signsIn, wordsOn } from '../support/pages/page-answers.ts'
import { firstAdmin, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

interface Scene {
  readonly server: Server
  readonly admin: Person
  readonly visitor: Visitor
}

/** A user whose authentication is eleven minutes old. */
async function withOldAuthentication(t: TestContext, dialect: Dialect = 'sqlite', language?: string): Promise<Scene> {
  const server = await start(t, { dialect })
  const admin = await firstAdmin(server)
  const visitor = new Visitor(server, language === undefined ? {} : { language })
  await signsIn(visitor, admin)
  server.clock.pass(minutes(11))
  return { server, admin, visitor }
}

onEachDatabase(
  'a page that requires re-authentication asks for it, leads back, and says until when it counts',
  async (t, dialect) => {
    const { server, admin, visitor } = await withOldAuthentication(t, dialect)
    const place = '/confirm?next=%2Faccount%2Fdelete'
    assertLeadsTo(await visitor.open('/account/delete'), place)
    const page = await visitor.open(place)
    assert.match(wordsOn(page), /Confirm it’s you .*not be asked again for 10 minutes/)
    assert.match(page.body, /id="username"[^>]*value="root"/)
    assert.match(
      page.body,
      /id="current-password"[\s\S]*autocomplete="current-password"[\s\S]*autocomplete="one-time-code"/,
    )
    const until = new Date(server.clock.now() + minutes(10))
    const code = admin.code()
    const passed = server.clock.now() + minutes(10) - until.getTime()
    assertLeadsTo(await visitor.submit(place, { password: PASSWORD, code }), '/account/delete?done=confirmed')
    const back = await visitor.open('/account/delete?done=confirmed')
    assert.equal(back.statusCode, 200)
    const time = new Date(until.getTime() + passed).toISOString()
    assert.ok(back.body.includes(`are not asked again until\n      <time datetime="${time}"`), back.body)
    assertLeadsTo(await visitor.open('/confirm?next=%2Faccount%2Fdelete'), '/account/delete')
    server.clock.pass(minutes(10) + 1)
    assertLeadsTo(await visitor.open('/account/delete?done=confirmed'), '/confirm?next=%2Faccount%2Fdelete')
    assert.doesNotMatch((await visitor.open('/account?done=confirmed')).body, /asked again until/)
  },
)

test('a form that required re-authentication leads back to its page, without its query, and says that nothing was done', async (t) => {
  const { server, admin, visitor } = await withOldAuthentication(t)
  const { publicUrl } = server.doorward.config
  await visitor.open('/account')
  assertLeadsTo(await visitor.submit('/account/delete', {}), '/confirm?next=%2Faccount%2Fdelete&because=form')
  assert.match(
    parsePage(await visitor.open('/confirm?next=%2Faccount%2Fdelete&because=form')).text,
    /Nothing has been changed/,
  )
  const referers = [
    [`${publicUrl}/admin/users?q=grace%40example.org#y`, '/admin/users'],
    ['https://evil.example/account/security', '/account/delete'],
    ['//evil.example', '/account/delete'],
    [`${publicUrl}//evil.example`, '/account/delete'],
  ] as const
  for (const [referer, next] of referers) {
    const answer = await visitor.submit('/account/delete', {}, { referer })
    assertLeadsTo(answer, `/confirm?next=${encodeURIComponent(next)}&because=form`)
  }
  await admin.signsIn()
  assert.equal((await admin.asks('GET', '/users/me')).status, 200)
})

test('a failed re-authentication does not disclose which of the two was wrong, and shows the password nowhere', async (t) => {
  const { admin, visitor } = await withOldAuthentication(t)
  const typed = 'never to be seen'
  const wrong = [
    await visitor.submit('/confirm', { password: typed, code: admin.code() }),
    await visitor.submit('/confirm', { password: PASSWORD, code: '000000' }),
  ]
  for (const page of wrong) {
    assert.equal(page.statusCode, 403)
    assert.match(wordsOn(page), /That password and code didn’t match\. Check the password, wait for the next code/)
    assert.ok(!page.body.includes(typed))
  }
  const empty = await visitor.submit('/confirm', {})
  assert.equal(empty.statusCode, 422)
  const alert = parsePage(empty).alert()
  assert.deepEqual([alert.linksTo('#current-password').length, alert.linksTo('#code').length], [1, 1])
})

test('too many re-authentications are blocked, with a countdown', async (t) => {
  const { visitor } = await withOldAuthentication(t)
  for (let tries = 0; tries < 5; tries++) await visitor.submit('/confirm', { password: 'x', code: '000000' })
  const page = await visitor.submit('/confirm', { password: 'x', code: '000000' })
  assert.equal(page.statusCode, 429)
  assert.match(page.body, /data-counts-to="30"/)
})

test('a double submit of the re-authentication counts once', async (t) => {
  const { admin, visitor } = await withOldAuthentication(t)
  await visitor.open('/confirm')
  const answers = await visitor.submitTwice('/confirm', { password: PASSWORD, code: admin.code() })
  for (const answer of answers) assertLeadsTo(answer, '/account/security?done=confirmed')
})

test('the page redirects to no other site', async (t) => {
  const { admin, visitor } = await withOldAuthentication(t)
  for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
    const place = `/confirm?next=${encodeURIComponent(next)}`
    assert.ok(!mainOf(await visitor.open(place)).includes('evil'))
    assertLeadsTo(
      await visitor.submit(place, { password: PASSWORD, code: admin.code() }),
      '/account/security?done=confirmed',
    )
  }
})

test('the page is in German too', async (t) => {
  const { admin, visitor } = await withOldAuthentication(t, 'sqlite', 'de-AT')
  const page = await visitor.open('/confirm?because=form')
  assert.equal(parsePage(page).heading, 'Bestätigen Sie, dass Sie es sind')
  assert.match(wordsOn(page), /wurde nichts geändert.*10 Minuten/)
  await visitor.submit('/confirm', { password: PASSWORD, code: admin.code() })
  assert.match(parsePage(await visitor.open('/account?done=confirmed')).text, /nicht wieder gefragt bis \d\d:\d\d UTC/)
})
