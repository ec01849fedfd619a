// Icons of apps: admins upload them by API, page and command line, and everyone sees them.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { listEvents } from '#domain/audit/audit.service.ts'
import { iconPath } from '#domain/clients/client-icon.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { setAppIcon } from '#use-cases/administration/clients/app-icon.service.ts'
import { createApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { authorizationOf, follow } from '../support/openid/apps.ts'
import { attackScene } from '../support/openid/attack-scene.ts'
import { assertLeadsTo } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { startWithRule } from '../support/people/admins.ts'
import { type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { noisyPng, pngSquare, webpSquare } from '../support/pictures.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { outputIn, runner } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'

const CALLBACK = 'https://wiki.example.org/callback'

async function appOn(server: Server, name = 'Wiki'): Promise<string> {
  return (await createApp(server.operator(), { name, redirectUris: [CALLBACK] })).client.id
}

/** Sends a file as the icon. */
async function puts({ server, token }: Person, id: string, file: Buffer, type = 'image/png'): Promise<Reply> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type }
  const raw = await server.app.inject({ method: 'PUT', url: `/apps/${id}/icon`, headers, payload: file })
  return { status: raw.statusCode, body: raw.body === '' ? {} : raw.json<Record<string, unknown>>(), raw }
}

async function iconUrl(root: Person, id: string): Promise<string | null> {
  return (await root.asks('GET', `/apps/${id}`)).body['icon_url'] as string | null
}

onEachDatabase(
  'an admin gives an app an icon, which everyone can load and keep, and removes it',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const id = await appOn(server)
    assert.equal(await iconUrl(root, id), null)
    assert.equal((await server.app.inject(`/apps/${id}/icon`)).statusCode, 404)

    assert.equal((await puts(root, id, pngSquare(32))).status, 204)
    const url = String(await iconUrl(root, id))
    const served = await server.app.inject(url)
    assert.deepEqual(served.rawPayload, pngSquare(32))
    const { 'content-type': type, 'cache-control': caching, etag, ...headers } = served.headers
    assert.deepEqual([served.statusCode, type, caching], [200, 'image/png', 'public, max-age=31536000, immutable'])
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
    const unnamed = await server.app.inject(`/apps/${id}/icon`)
    assert.deepEqual([unnamed.statusCode, unnamed.headers['cache-control']], [200, 'public, no-cache'])
    const again = await server.app.inject({ url: `/apps/${id}/icon`, headers: { 'if-none-match': String(etag) } })
    assert.deepEqual([again.statusCode, again.body], [304, ''])

    assert.equal((await puts(root, id, webpSquare(32), 'image/webp')).status, 204)
    const other = String(await iconUrl(root, id))
    assert.notEqual(other, url)
    assert.equal((await server.app.inject(other)).headers['content-type'], 'image/webp')
    assert.equal((await server.app.inject(url)).headers['cache-control'], 'public, no-cache', 'another content')

    for (let presses = 0; presses < 2; presses++)
      assert.equal((await root.asks('DELETE', `/apps/${id}/icon`)).status, 204)
    assert.equal(await iconUrl(root, id), null)
    assert.equal((await server.app.inject(other)).statusCode, 404)

    const { items } = await listEvents(server.operator(), { limit: 3 })
    const facts = items.map(({ action, details }) => [action, details?.['fields'], Boolean(details?.['icon'])])
    assert.deepEqual(facts, [
      ['app.changed', 'icon', false],
      ['app.changed', 'icon', true],
      ['app.changed', 'icon', true],
    ])
  },
)

leaveToTestAll()

onEitherDatabase('the same icon again is no change, and it goes with its app', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const id = await appOn(server)
  for (let uploads = 0; uploads < 2; uploads++) assert.equal((await puts(root, id, pngSquare(16))).status, 204)
  const { items } = await listEvents(server.operator(), { limit: 10 })
  assert.equal(items.filter(({ action }) => action === 'app.changed').length, 1)
  assert.equal((await root.asks('DELETE', `/apps/${id}`)).status, 204)
  assert.deepEqual(await server.doorward.db.selectFrom('client_icon').selectAll().execute(), [])
  assert.deepEqual(refusalIn(await puts(root, id, pngSquare(16))), [404, 'app.not_found'])
})

onEitherDatabase('an icon needs a recent authentication, and no second admin', async (t, dialect) => {
  const { server, root } = await startWithRule(t, dialect)
  const id = await appOn(server)
  assert.equal((await puts(root, id, pngSquare(16))).status, 204)
  server.clock.pass(minutes(11))
  for (const late of [await puts(root, id, pngSquare(17)), await root.asks('DELETE', `/apps/${id}/icon`)])
    assert.equal(late.status, 401)
})

onEitherDatabase('an admin uploads an icon by a form that says what is wrong with a file', async (t, dialect) => {
  const { server, browser } = await adminScene(t, { dialect })
  const id = await appOn(server)
  const [path, list] = [`/admin/apps/${id}`, '/admin/apps']
  const form = `${path}/icon`
  assert.equal((await browser.page(`${path}/details`)).link('Change icon'), form)
  assert.equal((await browser.page(form)).allActions().includes(`${form}/remove`), false)
  for (const [file, sentence] of [
    [undefined, /Choose a file/],
    [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /PNG or WebP/],
    [pngSquare(15), /16 to 1024 pixels/],
    [pngSquare(16).subarray(0, 60), /damaged/],
    [noisyPng(200), /at most 64 KB/],
  ] as const) {
    await browser.page(form)
    const refused = await browser.upload(form, 'icon', file)
    assert.equal(refused.statusCode, 422, refused.body)
    assert.match(refused.body, sentence)
  }
  assert.equal((await readApp(server.operator(), id)).icon, undefined)

  await browser.page(form)
  assertLeadsTo(await browser.upload(form, 'icon', pngSquare(64)), `${path}/details?done=icon-set`)
  const source = `/apps/${id}/icon?v=${(await readApp(server.operator(), id)).icon?.slice(0, 16)}`
  for (const page of [await browser.page(path), await browser.page(list), await browser.page(form)])
    assert.ok(page.pictures().includes(source), page.pictures().join())
  for (let presses = 0; presses < 2; presses++)
    assertLeadsTo(await browser.submit(`${form}/remove`, {}), `${path}/details?done=icon-removed`)
  assert.ok(!(await browser.page(path)).pictures().includes(source))
})

test('the question before an app is opened shows its icon', async (t) => {
  const { server, visitor, app } = await attackScene(t, {
    fields: { name: 'CLI', kind: 'native', authMethod: 'none', redirectUris: ['http://127.0.0.1/cb'] },
  })
  const { pathname } = await follow(visitor, (await authorizationOf(app)).url)
  const plain = await visitor.page(pathname)
  assert.deepEqual(plain.main.pictures(), [])
  await setAppIcon(server.operator(), app.client.id, pngSquare(16))
  const { icon = '' } = await readApp(server.operator(), app.client.id)
  assert.deepEqual((await visitor.page(pathname)).main.pictures(), [iconPath(app.client.id, icon)])
})

test('the operator sets and removes an icon', async (t) => {
  const { server } = await startWithAdmin(t, { clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const folder = await temporaryFolder(t)
  assert.equal((await run('app', 'add', 'Wiki', '--redirect-uri', CALLBACK)).code, 0)
  const [file = '', page = ''] = ['icon.png', 'page.png'].map((name) => join(folder, name))
  await writeFile(file, pngSquare(32))
  await writeFile(page, '<!doctype html>')
  assert.match(String(outputIn(await run('app', 'icon', 'wiki', file, '--json'))['icon_url']), /^\/apps\/.+\/icon\?v=/)
  assert.match((await run('app', 'icon', 'wiki', file)).stderr, /Nothing to change for Wiki/)
  assert.match((await run('app', 'show', 'wiki', '--plain')).stdout, /^icon\tyes$/m)
  const refused = await run('app', 'icon', 'wiki', page)
  assert.notEqual(refused.code, 0)
  assert.match(refused.stderr, /PNG or WebP/)
  assert.match((await run('app', 'icon', 'wiki', `${file}x`)).stderr, /cannot be read/)
  assert.equal(outputIn(await run('app', 'icon', 'wiki', 'none', '--json'))['icon_url'], null)
})
