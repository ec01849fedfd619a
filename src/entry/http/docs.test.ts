import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'

import type { App } from '#foundation/web/http/app.ts'
import { OWN_BRAND } from '#foundation/web/http/brand.ts'
import { faultsInHtml } from '#test/support/pages/valid-html.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import { ROUTES } from './routes.ts'

const BUDGET = 600_000

test('the documentation page and all it loads take less than 0.6 MB on the wire', async (t) => {
  const { app } = await openGuardedApp(t, ROUTES)
  const answers = await Promise.all(['/docs', '/openapi.json', ...(await filesOf(app))].map((url) => packed(app, url)))
  const sizes = answers.map(({ rawPayload }) => rawPayload.length)
  assert.ok(sizes.length > 6)
  assert.ok(sizes.reduce((sum, size) => sum + size) < BUDGET, sizes.join(', '))
})

test('its files are compressed, and caches may keep them for ever; the page itself is neither', async (t) => {
  const { app } = await openGuardedApp(t, [])
  const files = (await filesOf(app)).filter((url) => url.startsWith('/docs/'))
  assert.equal(files.length, 4)
  for (const url of files) {
    const { headers, rawPayload } = await packed(app, url)
    assert.match(url, /\.[0-9a-f]{16}\.(css|js)$/)
    assert.equal(headers['content-encoding'], 'br', url)
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.deepEqual(brotliDecompressSync(rawPayload), (await app.inject(url)).rawPayload)
  }
  const { headers } = await packed(app, '/docs')
  assert.deepEqual([headers['content-encoding'], headers['cache-control']], [undefined, 'no-store'])
})

test('the page has the name, the mark and the theme of the server, and nothing of another one', async (t) => {
  const { app } = await openGuardedApp(t, [], { settings: { instance_name: 'Acme' } })
  const { body, headers } = await app.inject({ url: '/docs', headers: { cookie: 'theme=dark' } })
  assert.deepEqual(await faultsInHtml(body), [])
  assert.match(body, /<title>API – Acme<\/title>/)
  assert.match(body, /<html\s+lang="en"\s+data-theme="dark"/)
  assert.ok(body.includes(`<img src="${OWN_BRAND.icons.tab.url}"`))
  assert.doesNotMatch(body, /https?:\/\/|<script>|style=/)
  assert.match(String(headers['content-security-policy']), /default-src 'none'.*script-src 'self'/)
})

test('without documentation there is no page for it', async (t) => {
  const { app } = await openGuardedApp(t, [], { settings: { docs: 'false' } })
  assert.equal((await app.inject('/docs')).statusCode, 404)
  assert.equal((await app.inject('/openapi.json')).statusCode, 200)
})

/** The URLs of everything that the markup of the page loads. */
async function filesOf(app: App): Promise<string[]> {
  const { body } = await app.inject('/docs')
  return [...body.matchAll(/<(?:link|script|img)[^>]* (?:href|src)="([^"]+)"/g)].map(([, url = '']) => url)
}

function packed(app: App, url: string): Promise<LightMyRequestResponse> {
  return app.inject({ url, headers: { 'accept-encoding': 'gzip, br' } })
}
