// Guessing the secret of an app at the stream of endings, and what else might open it.
import assert from 'node:assert/strict'

import { registerApp } from '../support/openid/apps.ts'
import { attackScene, basic, codeFor, exchangeAs, postRaw } from '../support/openid/attack-scene.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const HERE = { remoteAddress: '203.0.113.9' }
const ELSEWHERE = { remoteAddress: '198.51.100.7' }
/** Wrong secrets until the pair of network and app is blocked. */
const ALLOWED = 10

function listen(server: Server, headers: Record<string, string>, from = HERE): Promise<Reply> {
  return ask(server, 'GET', '/endings?after=unknown', { headers, ...from })
}

test('the stream opens by the secret of an app alone, and wrong ones count with those at the token endpoint', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const { body } = await exchangeAs(server, app, await codeFor(visitor, app))
  const token = body['access_token']
  assert.ok(typeof token === 'string')
  const publicApp = await registerApp(server, { name: 'Phone', kind: 'native', authMethod: 'none' })
  for (const headers of [
    {},
    { authorization: `Bearer ${token}` },
    basic(publicApp.client.id, ''),
    basic('unknown', app.secret),
  ] as Record<string, string>[])
    assert.equal((await listen(server, headers, ELSEWHERE)).status, 401)
  // Authenticated: only the position is refused.
  assert.equal((await listen(server, basic(app.client.id, app.secret))).status, 410)

  for (let turn = 0; turn < ALLOWED; turn++)
    assert.equal((await listen(server, basic(app.client.id, 'dwc_wrong'))).status, 401)
  const blocked = await listen(server, basic(app.client.id, app.secret))
  assert.deepEqual([blocked.status, blocked.body['error']], [429, 'temporarily_unavailable'])
  assert.ok(Number(blocked.raw.headers['retry-after']) > 0)
  const fields = { grant_type: 'authorization_code', code: 'dwk_x' }
  const atToken = await postRaw(server, '/token', fields, { headers: basic(app.client.id, app.secret), ...HERE })
  assert.equal(atToken.status, 429)
  assert.equal((await listen(server, basic(app.client.id, app.secret), ELSEWHERE)).status, 410)
})
