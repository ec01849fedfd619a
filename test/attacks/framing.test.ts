// Clickjacking: a page of another site shows one of ours in a frame, below its own buttons.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ask, startWithAdmin } from '../support/people/people.ts'
import { callRoute, liveRoutes } from '../support/requests/live-routes.ts'

test('no answer may be shown in a frame: of no route, signed in or not, and of no error', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const policies = new Map<string, string>()
  const note = (about: string, { statusCode, headers }: LightMyRequestResponse): void =>
    void policies.set(`${about}: ${statusCode}`, String(headers['content-security-policy']))
  const signedIn = { authorization: `Bearer ${root.token}` }
  for (const route of await liveRoutes(server)) {
    const about = `${route.method} ${route.url}`
    note(about, await callRoute(server, route, { accept: 'text/html' }))
    const isPlainPage = route.method === 'GET' && route.config.page === true && !route.url.includes(':')
    if (isPlainPage) note(`${about}, signed in`, await callRoute(server, route, signedIn))
  }
  for (const url of ['/nowhere', '/%zz', '/docs/nope', '/assets/nope.js', '/users/none'])
    for (const accept of ['text/html', 'application/json']) {
      note(`${url} ${accept}`, (await ask(server, 'GET', url, { headers: { accept } })).raw)
    }
  assert.ok(policies.size > 400)
  for (const [about, policy] of policies) assert.match(policy, /(?:^|; )frame-ancestors 'none'(?:;|$)/, about)
})
