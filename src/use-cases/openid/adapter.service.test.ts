import assert from 'node:assert/strict'

import { fieldsOf } from '#domain/clients/client-fields.ts'
import { updateClient } from '#domain/clients/client.service.ts'
import { attackScene, changeApp, codeFor, exchangeAs, refreshAs } from '#test/support/openid/attack-scene.ts'
import { leaveToTestAll, test } from '#test/support/runner/scope.ts'

leaveToTestAll()

test('what an app got for a session ends with it, also if the app may outlive sessions since then', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const first = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  await changeApp(server, app, (tx, client) =>
    updateClient(tx, client, { ...fieldsOf(client), scopes: [...client.scopes, 'offline_access'] }),
  )
  const second = (await refreshAs(server, app, first['refresh_token'])).body
  const later = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  await server.doorward.db.updateTable('session').set({ revoked_at: server.clock.now() }).execute()
  const ended = await refreshAs(server, app, second['refresh_token'])
  assert.deepEqual([ended.status, ended.body['error']], [400, 'invalid_grant'])
  const { status, body } = await refreshAs(server, app, later['refresh_token'])
  assert.equal(status, 200)
  assert.equal((await refreshAs(server, app, body['refresh_token'])).status, 200)
})
