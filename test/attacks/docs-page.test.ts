// The docs page loads a program of others: its answers must carry the headers of every answer, and no file outside its list may be
// readable through it.
import assert from 'node:assert/strict'

import { ask } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const NOT_THERE = [
  '/docs/nope',
  '/docs/static',
  '/docs/swagger-ui.css',
  '/docs/docs.0000000000000000.js',
  '/docs/static/..%2f..%2fpackage.json',
  '/docs/..%2f..%2fpackage.json',
  '/docs/%2e%2e/%2e%2e/etc/passwd',
  '/docs/constructor',
  '/docs/%00',
]

test('the docs page and its files serve the request id and the security headers of every other answer', async (t) => {
  const server = await start(t)
  for (const url of ['/docs', '/docs/', ...(await filesOfDocs(server))]) {
    const { status, raw } = await ask(server, 'GET', url, { headers: { 'x-request-id': 'mine-1' } })
    assert.equal(status, 200, url)
    assert.equal(raw.headers['x-request-id'], 'mine-1', url)
    assert.equal(raw.headers['x-content-type-options'], 'nosniff', url)
    assert.match(String(raw.headers['content-security-policy']), /frame-ancestors 'none'/, url)
  }
})

leaveToTestAll()

test('the docs page runs its own scripts only, and none in its markup', async (t) => {
  const server = await start(t)
  const { raw } = await ask(server, 'GET', '/docs')
  assert.equal(
    raw.headers['content-security-policy'],
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; " +
      "frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; script-src 'self'; style-src 'self'",
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

/** The URLs of the files that the page loads, at once or for an operation. */
async function filesOfDocs(server: Server): Promise<string[]> {
  const { raw } = await ask(server, 'GET', '/docs')
  const files = raw.body.match(/\/docs\/[\w.-]+\.(?:css|js)/g) ?? []
  assert.equal(files.length, 5)
  return files
}
