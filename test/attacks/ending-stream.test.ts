// Guessing the secret of an app at the stream of endings, what else might open it, and readers that take nothing.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { registerApp } from '../support/openid/apps.ts'
import { attackScene, basic, codeFor, exchangeAs, postRaw } from '../support/openid/attack-scene.ts'
import { basicOf, openStream } from '../support/openid/ending-stream.ts'
import { ask, firstAdmin, type Reply } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import type { Server } from '../support/server/start.ts'
import { waitUntil } from '../support/server/started-program.ts'

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

leaveToTestAll()

/** A server that can be reached, whose list of events is not empty, with an app. */
async function listeningApp(t: TestContext) {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  await chainPending(server.operator())
  return { server, baseUrl, app: await registerApp(server) }
}

/** Opens a stream and reads nothing of it; returns the server's end of its connection. */
async function openUnread(t: TestContext, server: Server, headers: Record<string, string>): Promise<Socket> {
  const { port } = server.doorward.config
  const accepted = once(server.app.server, 'connection') as Promise<[Socket]>
  const reader = connect(port, 'localhost').on('error', () => undefined)
  t.after(() => reader.destroy())
  reader.pause()
  const lines = ['GET /endings HTTP/1.1', 'Host: localhost', ...Object.entries(headers).map((pair) => pair.join(': '))]
  reader.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [socket] = await accepted
  await waitUntil(async () => socket.bytesWritten > 0)
  return socket
}

test('a stream whose reader takes nothing is cut where a mebibyte waits for it, and the others go on', async (t) => {
  const { server, baseUrl, app } = await listeningApp(t)
  const other = await openStream(t, baseUrl, app)
  await other.nextLine()
  const socket = await openUnread(t, server, basicOf(app))
  // More than the buffers of the system take, as tokens of very many endings would be.
  socket.write(`: ${'x'.repeat(2 ** 20)}\n`.repeat(16))
  assert.ok(socket.writableLength > 2 ** 20)
  await waitUntil(async () => socket.destroyed)
  await other.nextLine()
})

test('a stream of which nothing is to be said is kept by its lines, and closed where none come', async (t) => {
  const { server, baseUrl, app } = await listeningApp(t)
  server.app.server.setTimeout(1500)
  const stream = await openStream(t, baseUrl, app)
  await waitUntil(async () => stream.lines.length >= 4 || stream.isClosed())
  assert.ok(!stream.isClosed())
  assert.deepEqual(stream.heard, [])
  const { db } = server.doorward
  await db.schema.alterTable('audit_event').renameTo('hidden').execute()
  await waitUntil(async () => stream.isClosed())
  await db.schema.alterTable('hidden').renameTo('audit_event').execute()
})
