import assert from 'node:assert/strict'
import { test } from 'node:test'

import { IDENTITY_HEADERS } from './identity-headers.ts'
import { PROXIES, snippetFor } from './snippet.ts'

const facts = { host: 'wiki.example.org', publicUrl: 'https://id.example.org', upstream: '10.0.0.2:8123' }

for (const proxy of PROXIES)
  test(`the snippet for ${proxy} names host and server, asks about each request, and replaces each header`, () => {
    const snippet = snippetFor(facts, proxy)
    for (const text of ['wiki.example.org', '10.0.0.2:8123', '/auth/verify', '/.doorward/', 'DOORWARD_TRUSTED_PROXIES'])
      assert.ok(snippet.includes(text), text)
    for (const header of IDENTITY_HEADERS) assert.ok(snippet.includes(header), header)
    assert.doesNotMatch(snippet, /undefined|\$\{/)
    const { host, publicUrl } = facts
    assert.match(snippetFor({ host, publicUrl }, proxy), /127\.0\.0\.1:8000/)
  })

test('the snippet for nginx believes no name that a client writes, and removes names with underscores', () => {
  const snippet = snippetFor(facts, 'nginx')
  const [beforeApp = ''] = snippet.split('location / {')
  assert.match(beforeApp, /X-Forwarded-Host wiki\.example\.org;/)
  assert.doesNotMatch(beforeApp, /\$http_host/)
  for (const header of IDENTITY_HEADERS) assert.match(snippet, new RegExp(`${header.replace('-', '_')} "";`))
})
