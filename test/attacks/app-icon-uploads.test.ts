// Threat: an admin, or an attacker with an admin's session, uploads something else than a picture: a page or a drawing with scripts (XSS), a file
// that is a picture and something else (polyglot), one that takes all memory. Icons are the only files that this server takes.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { ask } from '../support/people/people.ts'
import { chunksOf, noisyPng, pngChunk, pngFrom, pngSquare, webpSquare } from '../support/pictures.ts'
import { fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const SCRIPT = '<script>alert(document.domain)</script>'
const DRAWING = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">${SCRIPT}</svg>`
const [HEAD, DATA, END] = chunksOf(pngSquare(32)) as [Buffer, Buffer, Buffer]
/** The local header of a ZIP file, which readers find from its end. */
const ARCHIVE = Buffer.from('PK\x03\x04', 'latin1')

async function scene(t: TestContext) {
  const { server, admin, browser } = await adminScene(t)
  const { client } = await createApp(server.operator(), { name: 'Wiki', redirectUris: ['https://wiki.example/cb'] })
  const url = `/apps/${client.id}/icon`
  const authorization = `Bearer ${admin.token}`
  const put = async (
    payload: Buffer | string,
    type = 'image/png',
    headers: Record<string, string> = { authorization },
  ) => {
    const raw = await server.app.inject({ method: 'PUT', url, headers: { ...headers, 'content-type': type }, payload })
    return { status: raw.statusCode, body: raw.body === '' ? {} : raw.json<Record<string, unknown>>(), raw }
  }
  const stored = () => server.doorward.db.selectFrom('client_icon').selectAll().execute()
  return { server, admin, browser, url, put, stored, page: `/admin/apps/${client.id}/icon` }
}

test('nothing but a picture is stored, whatever its client calls it', async (t) => {
  const { put, stored } = await scene(t)
  for (const [file, code] of [
    [DRAWING, 'app.icon_type'],
    [`<?xml version="1.0"?>${DRAWING}`, 'app.icon_type'],
    [`<!doctype html>${SCRIPT}`, 'app.icon_type'],
    [`GIF89a/*${SCRIPT}`, 'app.icon_type'],
    ['RIFF', 'app.icon_type'],
    [Buffer.concat([pngSquare(32), Buffer.from(SCRIPT)]), 'app.icon_damaged'],
    [Buffer.concat([pngSquare(32), ARCHIVE]), 'app.icon_damaged'],
    [Buffer.concat([webpSquare(32), ARCHIVE]), 'app.icon_damaged'],
    [Buffer.concat([Buffer.from(DRAWING), pngSquare(32)]), 'app.icon_type'],
    [pngSquare(32).subarray(0, -1), 'app.icon_damaged'],
    [pngFrom(HEAD, DATA), 'app.icon_damaged'],
    [pngFrom(HEAD, pngChunk('acTL', Buffer.alloc(8)), DATA, END), 'app.icon_animated'],
    [pngSquare(15), 'app.icon_size'],
    [pngSquare(1025), 'app.icon_size'],
    [noisyPng(128), 'app.icon_too_large'],
  ] as const) {
    for (const type of ['image/png', 'image/webp'])
      assert.deepEqual(fieldErrorsIn(await put(Buffer.from(file), type)), [`/icon ${code}`], code)
  }
  for (const type of [
    'image/svg+xml',
    'text/html',
    'application/json',
    'application/octet-stream',
    'multipart/form-data; boundary=x',
  ])
    assert.equal((await put(DRAWING, type)).status, 415, type)
  assert.deepEqual(await stored(), [])
})

leaveToTestAll()

test('text inside a picture is not stored, and the picture is never served as a page', async (t) => {
  const { server, put, stored, url } = await scene(t)
  const text = pngChunk('tEXt', Buffer.from(`Comment\0${SCRIPT}`))
  assert.equal((await put(pngFrom(HEAD, text, DATA, END), 'image/webp')).status, 204)
  const [row] = await stored()
  assert.deepEqual(Buffer.from(row?.content ?? '', 'base64'), pngSquare(32))
  for (const accept of ['text/html', '*/*']) {
    const { headers } = await server.app.inject({ url, headers: { accept } })
    assert.deepEqual(
      [headers['content-type'], headers['x-content-type-options'], headers['content-security-policy']],
      ['image/png', 'nosniff', "default-src 'none'; frame-ancestors 'none'"],
    )
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
  }
})

test('a picture that unpacks to gigabytes is refused at once', async (t) => {
  const { put } = await scene(t)
  const header = Buffer.from(HEAD.subarray(8, 21))
  header.writeUInt32BE(0xffffffff, 0)
  header.writeUInt32BE(0xffffffff, 4)
  assert.deepEqual(fieldErrorsIn(await put(pngFrom(pngChunk('IHDR', header), DATA, END))), ['/icon app.icon_size'])
  assert.deepEqual(refusalIn(await put(Buffer.alloc(1024 * 1024 + 1))), [413, 'request.too_large'])
})

test('no one but an admin who has just authenticated uploads an icon', async (t) => {
  const { server, admin, browser, put, stored, page } = await scene(t)
  const file = pngSquare(32)
  assert.equal((await put(file, 'image/png', {})).status, 401)
  assert.equal((await put(file, 'image/png', { cookie: `session=${browser.cookies.get('session')}` })).status, 403)
  const { body } = await admin.asks('POST', '/users/me/tokens', { name: 'script', scopes: ['apps:write'] })
  assert.equal((await put(file, 'image/png', { authorization: `Bearer ${String(body['token'])}` })).status, 403)

  await browser.page(page)
  assert.equal((await browser.upload(page, 'icon', file, { form_token: 'another' })).statusCode, 403)
  server.clock.pass(minutes(11))
  assert.match(String((await browser.upload(page, 'icon', file)).headers.location), /^\/confirm\?/)
  assert.equal((await put(file)).status, 401)
  assert.deepEqual(await stored(), [])
})

test('a file is taken in the one field of the one form for it', async (t) => {
  const { server, browser, stored, page } = await scene(t)
  await browser.page(page)
  assert.equal((await browser.upload(page, 'other', pngSquare(32))).statusCode, 422)
  const part = (name: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a.png"\r\nContent-Type: image/png\r\n\r\nabc\r\n--x--\r\n`
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  for (const name of ['username', 'icon', '__proto__']) {
    const refused = await ask(server, 'POST', '/token', { payload: part(name), headers })
    assert.ok(fieldErrorsIn(refused).includes(`/${name} field.file`), name)
  }
  assert.equal((await browser.upload('/account', 'icon', pngSquare(32))).statusCode, 415)
  assert.deepEqual(await stored(), [])
})
