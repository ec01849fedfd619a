// Re-authentication before a sensitive action, on the page.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { type SceneOptions, type VisitorScene, visitorScene } from '../support/pages/page-scenes.ts'
import { PASSWORD } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** A user whose authentication is eleven minutes old. */
async function withOldAuthentication(t: TestContext, options: SceneOptions = {}): Promise<VisitorScene> {
  const scene = await visitorScene(t, options)
  await signsIn(scene.visitor, scene.admin)
  scene.server.clock.pass(minutes(11))
  return scene
}

onEitherDatabase(
  'a page that requires re-authentication asks for it, leads back, and says until when it counts',
  async (t, dialect) => {
    const { server, admin, visitor } = await withOldAuthentication(t, { dialect })
    const path = '/confirm?next=%2Faccount%2Fdelete'
    assertLeadsTo(await visitor.open('/account/delete'), path)
    const page = await visitor.page(path)
    assert.match(page.text, /Confirm it’s you .*We won’t ask again for 10 minutes/)
    assert.equal(page.sent('username'), 'root')
    assert.deepEqual(
      [/^Password/, /code/].map((label) => page.main.field(label).attribute('autocomplete')),
      ['current-password', 'one-time-code'],
    )
    const code = admin.code()
    const until = new Date(server.clock.now() + minutes(10)).toISOString()
    assertLeadsTo(await visitor.submit(path, { password: PASSWORD, code }), '/account/delete?done=confirmed')
    const back = await visitor.page('/account/delete?done=confirmed')
    assert.match(back.statuses().join(' '), /Confirmed\. We won’t ask again until/)
    assert.equal(back.times()[0]?.datetime, until)
    assertLeadsTo(await visitor.open(path), '/account/delete')
    server.clock.pass(minutes(10) + 1)
    assertLeadsTo(await visitor.open('/account/delete?done=confirmed'), path)
    assert.doesNotMatch((await visitor.page('/account?done=confirmed')).markup, /ask again until/)
  },
)

leaveToTestAll()

test('a form that required re-authentication leads back to its page, without its query, and says that nothing was done', async (t) => {
  const { server, admin, visitor } = await withOldAuthentication(t)
  const { publicUrl } = server.doorward.config
  assertLeadsTo(await visitor.submit('/account/delete', {}), '/confirm?next=%2Faccount%2Fdelete&because=form')
  assert.match((await visitor.page('/confirm?next=%2Faccount%2Fdelete&because=form')).text, /Nothing has changed yet/)
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
    { password: typed, code: admin.code() },
    { password: PASSWORD, code: '000000' },
  ]
  for (const fields of wrong) {
    const page = await visitor.pageAfter('/confirm', fields, 403)
    assert.match(page.text, /That password and code didn’t match\. Check the password, wait for the next code/)
    assert.ok(!page.markup.includes(typed))
  }
  assert.deepEqual((await visitor.pageAfter('/confirm', {}, 422)).alert().targets('#'), ['#current-password', '#code'])
})

test('too many re-authentications are blocked, with a countdown', async (t) => {
  const { visitor } = await withOldAuthentication(t)
  for (let tries = 0; tries < 5; tries++) await visitor.submit('/confirm', { password: 'x', code: '000000' })
  const page = await visitor.pageAfter('/confirm', { password: 'x', code: '000000' }, 429)
  assert.equal(page.alert().data('counts-to'), '30')
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
    const path = `/confirm?next=${encodeURIComponent(next)}`
    const { main } = await visitor.page(path)
    assert.equal(main.count('[href*=evil], [action*=evil], [value*=evil]'), 0)
    const sent = await visitor.submit(path, { password: PASSWORD, code: admin.code() })
    assertLeadsTo(sent, '/account/security?done=confirmed')
  }
})

test('the page is in German too', async (t) => {
  const { admin, visitor } = await withOldAuthentication(t, { language: 'de-AT' })
  const page = await visitor.page('/confirm?because=form')
  assert.equal(page.heading, 'Bestätigen Sie, dass Sie es sind')
  assert.match(page.text, /wurde noch nichts geändert.*10 Minuten/)
  await visitor.submit('/confirm', { password: PASSWORD, code: admin.code() })
  assert.match(
    (await visitor.page('/account?done=confirmed')).text,
    /Bestätigt\. Wir fragen erst wieder nach \d\d:\d\d UTC/,
  )
})
