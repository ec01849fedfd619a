// The docs page is a separate handler inside the app: its answers must carry the headers of every answer, and no file outside its
// folder may be readable through it.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ask } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'

const SERVED = ['/docs', '/docs/', '/docs/static/swagger-ui.css']

const NOT_THERE = [
  '/docs/nope',
  '/docs/static',
  '/docs/static/nope.js',
  '/docs/static/..%2f..%2fpackage.json',
  '/docs/static/%2e%2e/%2e%2e/package.json',
  '/docs/%2e%2e/%2e%2e/etc/passwd',
  '/docs/static/%00',
]

test('the docs page serves the request id and the security headers of every other answer', async (t) => {
  const server = await start(t)
  for (const url of SERVED) {
    const { status, raw } = await ask(server, 'GET', url, { headers: { 'x-request-id': 'mine-1' } })
    assert.equal(status, 200, url)
    assert.equal(raw.headers['x-request-id'], 'mine-1', url)
    assert.equal(raw.headers['x-content-type-options'], 'nosniff', url)
    assert.match(String(raw.headers['content-security-policy']), /frame-ancestors 'none'/, url)
  }
})

test('the docs page runs its own scripts only, and none in its markup', async (t) => {
  const server = await start(t)
  const { raw } = await ask(server, 'GET', '/docs')
  assert.equal(
    raw.headers['content-security-policy'],
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; " +
      "frame-ancestors 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'",
  )
  assert.equal(raw.headers['cross-origin-opener-policy'], 'same-origin')
  assert.equal(raw.headers['cross-origin-resource-policy'], 'same-origin')
})

test('an unknown path of the docs page is refused like any other, without repeating it', async (t) => {
  const server = await start(t)
  for (const url of NOT_THERE) {
    const { status, body, raw } = await ask(server, 'GET', url, { headers: { 'x-request-id': 'forged\tid' } })
    assert.equal(status, 404, url)
    assert.equal(body['code'], 'request.not_found', url)
    assert.match(String(raw.headers['content-type']), /^application\/problem\+json/, url)
    assert.match(String(raw.headers['x-request-id']), /^[\w.-]{22}$/, url)
    assert.equal(body['instance'], raw.headers['x-request-id'], url)
  }
})
