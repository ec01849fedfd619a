import Fastify, { type LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import type { App } from './app.ts'
import { preferredEncoding, registerAssets, wideStylesheetUrl } from './assets.ts'
import { OWN_BRAND } from './brand.ts'

const { stylesheet } = OWN_BRAND

test('the URL of the stylesheet contains a hash of its content, and caches may keep it for ever', async () => {
  const hash = createHash('sha256').update(stylesheet.content).digest('hex')
  assert.equal(stylesheet.url, `/assets/doorward.${hash.slice(0, 16)}.css`)
  const { headers, statusCode, rawPayload } = await fetchStylesheet('identity')
  assert.equal(statusCode, 200)
  assert.equal(headers['content-type'], 'text/css; charset=utf-8')
  assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.equal(headers.vary, 'accept-encoding')
  assert.equal(headers['content-encoding'], undefined)
  assert.deepEqual(rawPayload, stylesheet.content)
})

test('an old hash is not answered with the new content', async () => {
  const app = assetsApp()
  assert.equal((await app.inject('/assets/doorward.0000000000000000.css')).statusCode, 404)
})

test('Brotli and gzip give the same stylesheet in fewer bytes', async () => {
  const br = await fetchStylesheet('gzip, deflate, br')
  assert.equal(br.headers['content-encoding'], 'br')
  assert.deepEqual(brotliDecompressSync(br.rawPayload), stylesheet.content)
  const gzip = await fetchStylesheet('gzip')
  assert.equal(gzip.headers['content-encoding'], 'gzip')
  assert.deepEqual(gunzipSync(gzip.rawPayload), stylesheet.content)
  assert.ok(br.rawPayload.length < stylesheet.content.length / 2)
})

for (const [url, most] of [
  [stylesheet.url, 9],
  [wideStylesheetUrl, 10],
] as const) {
  test(`${url.replace(/\.\w+\.css$/, '')} takes at most ${most} KB compressed, and has no comments`, async () => {
    const { rawPayload } = await fetchStylesheet('br', url)
    assert.ok(rawPayload.length < most * 1024, `${rawPayload.length}`)
    assert.ok(!brotliDecompressSync(rawPayload).includes('/*'), 'comments stay at home')
  })
}

const accepted: readonly [header: string | undefined, encoding: string][] = [
  [undefined, 'identity'],
  ['', 'identity'],
  ['br', 'br'],
  ['gzip, br', 'br'],
  ['GZIP', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gzip'],
  ['br; q=0.0', 'identity'],
  ['br;q=0.001', 'br'],
  ['deflate, *', 'identity'],
]
for (const [header, encoding] of accepted) {
  test(`a client that accepts "${header}" gets ${encoding}`, () => assert.equal(preferredEncoding(header), encoding))
}

function fetchStylesheet(encoding: string, url = stylesheet.url): Promise<LightMyRequestResponse> {
  return assetsApp().inject({ url, headers: { 'accept-encoding': encoding } })
}

function assetsApp(): App {
  const app: App = Fastify()
  registerAssets(app)
  return app
}
