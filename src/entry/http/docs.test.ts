import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'

import type { App } from '#foundation/web/http/app.ts'
import { OWN_BRAND } from '#foundation/web/http/brand.ts'
import { parsePage } from '#test/support/pages/parsed-page.ts'
import { faultsInHtml } from '#test/support/pages/valid-html.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import { ROUTES } from './routes.ts'

const FIRST_BUDGET = 40_000
const BUDGET = 600_000

test('the documentation page takes less than 40 KB on the wire, and 0.6 MB with what an open operation needs', async (t) => {
  const { app } = await openGuardedApp(t, ROUTES)
  const sizeOf = async (urls: readonly string[]): Promise<number> => {
    const answers = await Promise.all(urls.map((url) => packed(app, url)))
    return answers.reduce((sum, { rawPayload }) => sum + rawPayload.length, 0)
  }
  const first = await sizeOf(['/docs', ...(await filesOf(app))])
  assert.ok(first < FIRST_BUDGET, `${first}`)
  const later = await laterFilesOf(app)
  assert.equal(later.length, 3)
  const all = first + (await sizeOf(['/openapi.json', ...later]))
  assert.ok(all > FIRST_BUDGET && all < BUDGET, `${all}`)
})

test('its files are compressed, and caches may keep them for ever; the page is not kept, and compressed for its own site only', async (t) => {
  const { app } = await openGuardedApp(t, [])
  const files = [...(await filesOf(app)), ...(await laterFilesOf(app))].filter((url) => url.startsWith('/docs/'))
  assert.equal(files.length, 5)
  for (const url of files) {
    const { headers, rawPayload } = await packed(app, url)
    assert.match(url, /\.[0-9a-f]{16}\.(css|js)$/)
    assert.equal(headers['content-encoding'], 'br', url)
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.deepEqual(brotliDecompressSync(rawPayload), (await app.inject(url)).rawPayload)
  }
  const { headers } = await packed(app, '/docs')
  assert.deepEqual([headers['content-encoding'], headers['cache-control']], ['br', 'no-store'])
  const elsewhere = await app.inject({
    url: '/docs',
    headers: { 'accept-encoding': 'br', 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(elsewhere.headers['content-encoding'], undefined)
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

/** The URLs of what is loaded when an operation is opened. */
async function laterFilesOf(app: App): Promise<string[]> {
  const { body } = await app.inject('/docs')
  const [, program = '', styles = ''] = /data-program="([^"]+)"\s+data-styles="([^"]+)"/.exec(body) ?? []
  return [program, ...styles.split(' ')]
}

/** As a browser asks for what a user or its own page wants. */
function packed(app: App, url: string): Promise<LightMyRequestResponse> {
  return app.inject({ url, headers: { 'accept-encoding': 'gzip, br', 'sec-fetch-site': 'same-origin' } })
}

test('without scripts each operation is listed with its permission, scope and second admin, in groups that fold', async (t) => {
  const { app } = await openGuardedApp(t, ROUTES)
  const page = parsePage((await app.inject('/docs')).body)
  const documented = Object.values(((await app.openApi()) as { paths: Record<string, object> }).paths)
  const count = documented.flatMap((path) => Object.keys(path)).length
  assert.ok(page.text.includes(`${count} operations`))
  const folded = page.text.replaceAll(/\s+/g, ' ')
  assert.match(
    folded,
    /POST \/users\/\{id\}\/disable Disable a user users:write second admin Takes effect .*? It needs the permission users:write\. An API token needs the scope users:write\. With the two-person rule a second admin may have to agree;/,
  )
  assert.match(folded, /GET \/users\/me Who am I signed in The signed-in user\. For every signed-in user\. /)
  assert.match(folded, /POST \/token Sign in with one form anyone /)
})

test('a search lists the operations that have all its words in path, summary or permission, and opens their groups', async (t) => {
  const { app } = await openGuardedApp(t, ROUTES)
  const shown = async (search: string): Promise<string[]> => {
    const { body } = await app.inject(`/docs?q=${encodeURIComponent(search)}`)
    assert.deepEqual(await faultsInHtml(body), [])
    const operations = [...body.matchAll(/<\/summary>\s*<div id="(\w+)">/g)].map(([, id = '']) => id)
    assert.equal(operations.length > 0, /class="group" open>/.test(body))
    return operations
  }
  assert.deepEqual(await shown('exemptions PUT'), ['exemptFromPolicy'])
  assert.ok((await shown('roles:write')).includes('createRole'))
  assert.deepEqual(await shown('no such words'), [])
  assert.ok((await shown('"><script>')).length === 0)
})
