import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { OPERATOR } from '#entry/boot.ts'
import { contextFor } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import { FOLLOWED_AFTER } from '#foundation/platform/clock.ts'
import { WorkerPool } from '#foundation/platform/passwords/hash-workers.ts'
import { newPasswordHasher } from '#foundation/platform/passwords/password-hasher.ts'
import type { App } from '#foundation/web/http/app.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import { healthRoutes } from './health.routes.ts'
import { ipAddressesOf, startServer } from './server.ts'

/** A route that answers when `open` is called. */
function gate() {
  const arrived = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  const routes = (app: App): void => {
    app.get('/slow', { config: { access: 'anyone', undocumented: true } }, async () => {
      arrived.resolve()
      await opened.promise
      return { done: true }
    })
  }
  return { arrived: arrived.promise, open: opened.resolve, routes }
}

async function ask(url: string, agent?: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  return response
}

const REQUEST = 'GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n'

async function started(
  t: TestContext,
  routes: (app: App) => void,
  config: Partial<Parameters<typeof startServer>[1]> = {},
) {
  const { app } = await openGuardedApp(t, [routes])
  return startServer(app, { host: 'localhost', port: 0, shutdownGrace: 60_000, ...config })
}

function keepAliveAgent(t: TestContext): Agent {
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  return agent
}

test('a stop finishes the current request, closes its connection and accepts no other', async (t) => {
  const slow = gate()
  const server = await started(t, slow.routes)
  const answer = ask(`${server.url}/slow`, keepAliveAgent(t))
  await slow.arrived
  const stopped = server.stop()
  await assert.rejects(ask(`${server.url}/slow`), { code: 'ECONNREFUSED' })
  slow.open()
  const { headers } = await answer
  assert.deepEqual([headers.connection, await text(await answer)], ['close', '{"done":true}'])
  await stopped
})

test('a stop does not wait for idle connections', async (t) => {
  const server = await started(t, healthRoutes)
  await text(await ask(`${server.url}/healthz`, keepAliveAgent(t)))
  await server.stop()
})

test('a request that was sent on an idle connection before its client could know of the stop is answered', async (t) => {
  const server = await started(t, healthRoutes, { shutdownGrace: 120_000, lastRequests: 60_000 })
  const connections: Socket[] = []
  for (const host of await ipAddressesOf('localhost')) {
    const connection = connect({ host, port: Number(new URL(server.url).port) })
    connection.write(REQUEST)
    await once(connection, 'data')
    connections.push(connection)
  }
  const stopped = server.stop()
  for (const connection of connections) {
    connection.write(REQUEST)
    const answer = await text(connection)
    assert.match(answer, /^HTTP\/1.1 200 OK\r\n/)
    assert.match(answer, /\r\nconnection: close\r\n/i)
  }
  await stopped
})

test('a stop ends requests that are in progress when its grace is over', async (t) => {
  const slow = gate()
  const server = await started(t, slow.routes, { shutdownGrace: 50 })
  const answer = assert.rejects(ask(`${server.url}/slow`), { code: 'ECONNRESET' })
  await slow.arrived
  await server.stop()
  await answer
})

test('a port that is taken is an error at once', async (t) => {
  const server = await started(t, healthRoutes)
  const port = Number(new URL(server.url).port)
  await assert.rejects(started(t, healthRoutes, { port }), { code: 'EADDRINUSE' })
  await server.stop()
})

test('a server is ready while its database answers, and alive in any case', async (t) => {
  const { app, deps, clock } = await openGuardedApp(t, [healthRoutes])
  assert.equal((await app.inject('/readyz')).statusCode, 200)
  await deps.db.destroy()
  clock.pass(1000)
  const reply = await app.inject('/readyz')
  assert.equal(reply.statusCode, 503)
  assert.equal(reply.headers['retry-after'], '1')
  assert.equal((await app.inject('/healthz')).statusCode, 200)
})

test('a server is not ready while the clock of its machine is ahead of its own, and is ready once it follows', async (t) => {
  const { app, clock } = await openGuardedApp(t, [healthRoutes])
  const readiness = async () => (await app.inject('/readyz')).statusCode
  assert.equal(await readiness(), 200)
  clock.jump(days(1))
  assert.equal(await readiness(), 503)
  clock.pass(FOLLOWED_AFTER - 1)
  assert.equal(await readiness(), 503)
  clock.pass(1)
  assert.equal(await readiness(), 200)
})

test('a result that was cached while the clock was ahead is not used after the clock is right', async (t) => {
  const { app, deps, clock } = await openGuardedApp(t, [healthRoutes])
  clock.jump(days(1))
  clock.pass(FOLLOWED_AFTER)
  assert.equal((await app.inject('/readyz')).statusCode, 200)
  await deps.db.destroy()
  clock.jump(-days(1))
  assert.equal((await app.inject('/readyz')).statusCode, 503)
})

test('a server whose schema is behind is not ready', async (t) => {
  const { app, deps } = await openGuardedApp(t, [healthRoutes])
  await deps.db.updateTable('schema_version').set({ version: 0 }).execute()
  assert.equal((await app.inject('/readyz')).statusCode, 503)
})

test('a server whose workers die at each start is not ready', async (t) => {
  const dying = { workers: 1, queue: 1, program: new URL('data:text/javascript,process.exit()') }
  const hasher = newPasswordHasher({ memory: 64, passes: 1, parallelism: 1, ...dying }, new WorkerPool(dying))
  t.after(() => hasher.close())
  const { app } = await openGuardedApp(t, [healthRoutes], { deps: { hasher } })
  await assert.rejects(hasher.verify(Secret.of('a'), null))
  assert.equal((await app.inject('/readyz')).statusCode, 503)
})

test('a server is not ready while events have waited more than a minute for the audit chain', async (t) => {
  const { app, deps, clock } = await openGuardedApp(t, [healthRoutes])
  const status = async (): Promise<number> => (await app.inject('/readyz')).statusCode
  await recordEvent(contextFor(deps, OPERATOR), { action: 'audit.exported' })
  clock.pass(minutes(1))
  assert.equal(await status(), 200)
  clock.pass(seconds(1))
  assert.equal(await status(), 503)
  await chainPending(deps)
  clock.pass(seconds(1))
  assert.equal(await status(), 200)
})
