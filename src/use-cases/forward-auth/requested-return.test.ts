import assert from 'node:assert/strict'
import { test } from 'node:test'

import { forHostQuery, requestedReturn } from './requested-return.ts'

const LEAVING = 'a1'.repeat(32)
const said = (query: URLSearchParams) => requestedReturn(Object.fromEntries(query))

test('the URL of the page says to which host a browser returns, and what is required', () => {
  const wiki = { scheme: 'https', host: 'wiki.example.org', port: ':8443' } as const
  const query = forHostQuery(wiki, LEAVING, { since: 5000, least: 'phishing-resistant' })
  assert.equal(String(query), `host=wiki.example.org%3A8443&leaving=${LEAVING}&least=phishing-resistant&since=5000`)
  assert.deepEqual(said(query), { ...wiki, leaving: LEAVING })
  const nothing = { since: undefined, least: undefined }
  const local = { scheme: 'http', host: 'localhost', port: '' } as const
  assert.deepEqual(said(forHostQuery(local, LEAVING, nothing)), { ...local, leaving: LEAVING })
  // Anyone can write such a URL.
  assert.equal(said(forHostQuery({ ...wiki, scheme: 'http' }, LEAVING, nothing))?.scheme, 'https')
})

for (const query of [
  {},
  { host: 'wiki.example.org' },
  { leaving: LEAVING },
  { host: 'wiki.example.org', leaving: 'x' },
  { host: 'wiki.example.org/', leaving: LEAVING },
  { host: 'a@wiki.example.org', leaving: LEAVING },
  { host: ['wiki.example.org'], leaving: LEAVING },
])
  test(`${JSON.stringify(query)} names no host and value`, () => assert.equal(requestedReturn(query), undefined))
