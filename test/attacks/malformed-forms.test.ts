// Malformed bodies in the forms of the pages: no internal error, and no secret is repeated.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { start } from '../support/server/start.ts'

const PAGES_WITH_FORMS = [
  '/sign-in',
  '/sign-in/second-step',
  '/sign-out',
  '/enrolment/app',
  '/enrolment/passkey',
  '/setup',
  '/setup/dwl_canary',
  '/invitation/dwl_canary',
]

const STRANGE_FORM_BODIES: readonly (string | Buffer)[] = [
  '',
  'x',
  '&&&',
  'username=%00&password=%00&code=%00&setup_token=%00',
  'username=%ff',
  'password=1&password=2',
  `password=${'x'.repeat(40_000)}`,
  `code=${'x'.repeat(1024 * 1024)}`,
  'username=%E2%80%AE<script>alert(1)</script>&password=x',
  Buffer.from([0xff, 0xfe]),
]

test('malformed forms of the pages cause no internal error and repeat no secret', async (t) => {
  const server = await start(t)
  for (const url of PAGES_WITH_FORMS) {
    for (const payload of STRANGE_FORM_BODIES) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
      const reply = await server.app.inject({ method: 'POST', url, headers, payload })
      assert.ok(reply.statusCode < 500, `${url}: ${reply.statusCode} ${reply.body}`)
      assert.ok(!reply.body.includes('<script>alert'), `${url} repeats a script`)
      assert.ok(!reply.body.includes('canary'), `${url} repeats its link`)
    }
  }
  assert.ok(!server.logText().includes('canary'), 'a link of a page stands in the log')
})
