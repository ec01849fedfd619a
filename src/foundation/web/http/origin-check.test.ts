import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isSameOrigin } from './origin-check.ts'

const PUBLIC = 'https://id.example.org'

const CASES: [headers: Record<string, string>, same: boolean][] = [
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'same-origin', origin: PUBLIC }, true],
  [{ origin: PUBLIC }, true],
  [{ 'sec-fetch-site': 'same-site', origin: PUBLIC }, false],
  [{ 'sec-fetch-site': 'cross-site', origin: PUBLIC }, false],
  [{ 'sec-fetch-site': 'none' }, false],
  [{ 'sec-fetch-site': '' }, false],
  [{ origin: 'https://id.example.org.evil.example' }, false],
  [{ origin: 'http://id.example.org' }, false],
  [{ origin: 'https://id.example.org:8443' }, false],
  [{ origin: 'null' }, false],
  [{ referer: `${PUBLIC}/sign-in` }, false],
  [{}, false],
]

test('only a request that the browser attributes to this origin counts as same-origin', () => {
  for (const [headers, same] of CASES) assert.equal(isSameOrigin(headers, PUBLIC), same, JSON.stringify(headers))
})
