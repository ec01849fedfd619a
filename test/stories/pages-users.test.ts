// Common to each page about several users: access, the equivalent API request, German.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sql } from 'kysely'

import { texts } from '../../src/foundation/texts/texts.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { newcomer } from '../support/people/people.ts'
import { commandsOn } from '../support/pages/shown-commands.ts'
import { scene, invite, ticked } from '../support/pages/admin-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

onEitherDatabase('the pages of administration are for admins who have a second step', async (t, dialect) => {
  const { server, admin, browser } = await scene(t, dialect)
  const ada = await newcomer(admin, 'ada')
  const hers = await signedInBrowser(ada)
  const paths = ['/admin/users', '/admin/users/new', '/admin/users/1/invitation']
  for (const path of paths) {
    const { statusCode, body, headers } = await hers.open(path)
    assert.equal(statusCode, 403, path)
    assert.match(String(headers['content-type']), /^text\/html/)
    assert.doesNotMatch(body, /root<\/bdi>/)
  }
  await hers.open('/account')
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
  const { server, admin, browser } = await scene(t, 'sqlite')
  const [bob = 0] = await invite(server, 'bob')
  const pages = [
    await browser.open('/admin/users?q=bob&status=invited&sort=-created_at'),
    await browser.open('/admin/users?role=admin'),
    await browser.open('/admin/users/new'),
    await browser.open(`/admin/users/${bob}/invitation`),
  ]
  for (const action of ['invite', 'disable', 'enable', 'sign-out']) {
    pages.push(await browser.submit('/admin/users/bulk', { action, ...ticked(bob) }))
  }
  for (const { body } of pages) {
    const [command] = commandsOn(body)
    assert.ok(command, body)
    const { method, path, payload } = command
    const { status, raw } = await admin.asks(method, path, payload)
    assert.equal(status, 200, `${method} ${path}: ${raw.body}`)
  }
})

test('the pages speak German throughout', async (t) => {
  const { server, browser } = await scene(t, 'sqlite', 'de')
  const [bob = 0] = await invite(server, 'bob')
  const german = texts('de').users
  const list = (await browser.open('/admin/users')).body
  assert.deepEqual([parsePage(list).language, parsePage(list).heading], ['de', 'Benutzer (2)'])
  assert.match(list, /Einladung läuft ab[\s\S]*in 7 Tagen/)
  assert.match(
    parsePage(await browser.open('/admin/users/new')).text,
    /Die Einladung gilt[\s\S]*1 Stunde[\s\S]*24 Stunden[\s\S]*7 Tage/,
  )
  const card = (await browser.submit(`/admin/users/${bob}/invitation`, {})).body
  assert.ok(card.includes(german.card.warning) && card.includes('Guten Tag bob'))
  assert.match(
    parsePage(await browser.submit('/admin/users/bulk', { action: 'disable', ...ticked(bob) })).text,
    /1 Benutzer deaktivieren\?/,
  )
})
