import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  forwardedRequestIn,
  isOfSameHost,
  isPageRequest,
  isPreflight,
  isProgram,
  isSafeScheme,
  originOf,
  pathOf,
} from './forwarded-request.ts'

const HEADERS = {
  'x-forwarded-method': 'GET',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'Wiki.example.org:8443',
  'x-forwarded-uri': '/page?x=1?y',
}

test('the request of a client is read from four headers', () => {
  const read = forwardedRequestIn(HEADERS)
  assert.deepEqual(read, {
    host: 'wiki.example.org',
    port: ':8443',
    scheme: 'https',
    method: 'GET',
    uri: '/page?x=1?y',
  })
  assert.equal(read && pathOf(read), '/page')
  assert.equal(read && originOf(read), 'https://wiki.example.org:8443')
  const usual = { ...HEADERS, 'x-forwarded-host': 'wiki.example.org:443' }
  assert.equal(forwardedRequestIn(usual)?.port, '')
})

for (const [name, value] of [
  ['x-forwarded-method', undefined],
  ['x-forwarded-method', ''],
  ['x-forwarded-proto', 'https, https'],
  ['x-forwarded-proto', 'ftp'],
  ['x-forwarded-proto', undefined],
  ['x-forwarded-host', 'wiki.example.org, evil.example'],
  ['x-forwarded-host', 'evil.example/wiki.example.org'],
  ['x-forwarded-host', 'user@wiki.example.org'],
  ['x-forwarded-host', ''],
  ['x-forwarded-host', undefined],
  ['x-forwarded-uri', 'https://evil.example/'],
  ['x-forwarded-uri', ''],
  ['x-forwarded-uri', undefined],
  ['x-forwarded-uri', ['/a', '/b']],
] as const)
  test(`a request with ${name}: ${String(value)} is not read`, () =>
    assert.equal(forwardedRequestIn({ ...HEADERS, [name]: value }), undefined))

test('http is for this machine only', () => {
  for (const host of ['localhost', '127.0.0.1']) assert.ok(isSafeScheme({ scheme: 'http', host }), host)
  assert.ok(!isSafeScheme({ scheme: 'http', host: 'wiki.example.org' }))
  assert.ok(isSafeScheme({ scheme: 'https', host: 'wiki.example.org' }))
})

const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', accept: '*/*' }

test('a page is what a browser opens itself; what it accepts decides only where it says nothing else', () => {
  assert.ok(isPageRequest(NAVIGATION))
  assert.ok(isPageRequest({ accept: 'text/html' }))
  for (const headers of [
    { ...NAVIGATION, 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', accept: 'text/html' },
    { 'sec-fetch-mode': 'navigate', accept: 'text/html' },
    { accept: '*/*' },
    {},
  ])
    assert.ok(!isPageRequest(headers), JSON.stringify(headers))
  assert.ok(isProgram({ accept: 'text/html' }))
  assert.ok(!isProgram(NAVIGATION))
})

test('a preflight names an origin and a method', () => {
  const asking = { origin: 'https://other.example', 'access-control-request-method': 'PUT' }
  assert.ok(isPreflight({ method: 'OPTIONS' }, asking))
  assert.ok(!isPreflight({ method: 'GET' }, asking))
  assert.ok(!isPreflight({ method: 'OPTIONS' }, { origin: 'https://other.example' }))
  assert.ok(!isPreflight({ method: 'OPTIONS' }, { 'access-control-request-method': 'PUT' }))
})

test('a neighbour of the same site is another host', () => {
  const at = { scheme: 'https', host: 'wiki.example.org', port: '' } as const
  const request = { ...at, method: 'POST', uri: '/' }
  assert.ok(isOfSameHost(request, { 'sec-fetch-site': 'same-origin' }))
  assert.ok(isOfSameHost(request, { origin: 'https://wiki.example.org' }))
  for (const headers of [
    { 'sec-fetch-site': 'same-site', origin: 'https://wiki.example.org' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://cloud.example.org' },
    {},
  ])
    assert.ok(!isOfSameHost(request, headers), JSON.stringify(headers))
})
