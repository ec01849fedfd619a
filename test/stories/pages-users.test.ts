// Common to each page about several users: access, the equivalent API request, German.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { texts } from '#foundation/texts/texts.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene, invite, ticked } from '../support/pages/page-scenes.ts'
import { commandsOn } from '../support/pages/shown-commands.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

leaveToTestAll()

onEitherDatabase('the pages of administration are for admins who have a second step', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  const hers = await signedInBrowser(await newcomer(admin, 'ada'))
  const paths = ['/admin/users', '/admin/users/new', '/admin/users/1/invitation']
  for (const path of paths) {
    const { statusCode, body, headers } = await hers.open(path)
    assert.equal(statusCode, 403, path)
    assert.match(String(headers['content-type']), /^text\/html/)
    assert.doesNotMatch(body, /root<\/bdi>/)
  }
  for (const [path, fields] of [
    ['/admin/users/new', { username: 'eve' }],
    ['/admin/users/bulk', { action: 'disable', confirmed: 'yes', ...ticked(1) }],
    ['/admin/users/1/invitation', {}],
  ] as const) {
    assert.equal((await hers.submit(path, fields)).statusCode, 403, path)
  }
  // An admin whose second factor was removed in the database has no admin permission.
  await sql`update users set second_factor_at = null where username = 'root'`.execute(server.doorward.db)
  for (const path of paths) assert.equal((await browser.open(path)).statusCode, 403, path)
  await sql`update users set disabled = 1 where username = 'ada'`.execute(server.doorward.db)
  assertSignedOut(await hers.open('/admin/users'))
})

test('each page shows the same with the API, as a request that works', async (t) => {
  const { server, admin, browser } = await adminScene(t)
  const [bob = 0] = await invite(server, 'bob')
  const pages = [
    await browser.page('/admin/users?q=bob&status=invited&sort=-created_at'),
    await browser.page('/admin/users?role=admin'),
    await browser.page('/admin/users/new'),
    await browser.page(`/admin/users/${bob}/invitation`),
  ]
  for (const action of ['invite', 'disable', 'enable', 'sign-out']) {
    pages.push(await browser.pageAfter('/admin/users/bulk', { action, ...ticked(bob) }))
  }
  for (const page of pages) {
    const [command] = commandsOn(page)
    assert.ok(command, page.text)
    const { method, path, payload } = command
    const { status, raw } = await admin.asks(method, path, payload)
    assert.equal(status, 200, `${method} ${path}: ${raw.body}`)
  }
})

test('the pages speak German throughout', async (t) => {
  const { server, browser } = await adminScene(t, { language: 'de' })
  const [bob = 0] = await invite(server, 'bob')
  const list = await browser.page('/admin/users')
  assert.deepEqual([list.language, list.heading], ['de', 'Benutzer (2)'])
  assert.match(list.text, /Einladung läuft ab.*in 7 Tagen/)
  const { text } = await browser.page('/admin/users/new')
  assert.match(text, /Link läuft ab nach.*1 Stunde.*24 Stunden.*7 Tage/)
  const card = await browser.pageBehind(`/admin/users/${bob}/invitation`, {})
  assert.ok(card.text.includes(texts('de').users.card.warning) && card.text.includes('Hallo bob'))
  const asked = await browser.pageAfter('/admin/users/bulk', { action: 'disable', ...ticked(bob) })
  assert.equal(asked.heading, '1 Benutzer deaktivieren?')
})
