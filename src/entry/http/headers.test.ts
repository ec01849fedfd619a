// The exact security headers of every answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { App } from '#foundation/web/http/app.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import { safetyHeaders } from './headers.ts'

const OF_ALL = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}
const OF_PAGES = {
  ...OF_ALL,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  vary: 'accept-language',
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; " +
    "require-trusted-types-for 'script'",
}
const OF_DATA = { ...OF_ALL, 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" }

function aPageAndData(app: App): void {
  const config = { access: 'anyone', undocumented: true } as const
  app.get('/page', { config: { ...config, page: true } }, () => 'a page')
  app.get('/data', { config }, () => ({ some: 'data' }))
}

test('a page and data have these headers and no others', () => {
  assert.deepEqual(safetyHeaders({ publicUrl: 'http://localhost:8000' }), { page: OF_PAGES, data: OF_DATA })
})

test('over https the browser must use https for a year (HSTS)', () => {
  const lasting = { 'strict-transport-security': 'max-age=31536000' }
  assert.deepEqual(safetyHeaders({ publicUrl: 'https://id.example.org' }), {
    page: { ...OF_PAGES, ...lasting },
    data: { ...OF_DATA, ...lasting },
  })
})

test('each answer has the headers of its kind, and a 404 has those of a page', async (t) => {
  const { app } = await openGuardedApp(t, [aPageAndData])
  for (const [url, status, wanted] of [
    ['/page', 200, OF_PAGES],
    ['/nowhere', 404, OF_PAGES],
    ['/data', 200, OF_DATA],
  ] as const) {
    const { statusCode, headers } = await app.inject({ url, headers: { accept: 'text/html' } })
    assert.equal(statusCode, status, url)
    assert.partialDeepStrictEqual(headers, wanted, url)
  }
})
