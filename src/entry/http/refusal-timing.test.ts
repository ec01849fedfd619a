import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { GRID } from '#foundation/platform/passwords/uniform-response-time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { seeOther } from '#foundation/web/pages/page.ts'
import { redirectRefused } from '#foundation/web/pages/refused-form.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'

const config = { access: 'anyone', undocumented: true } as const
const body = Type.Object({ name: Type.String() })

/** A route that takes the requested number of milliseconds and then refuses if the request says so. */
function routes(app: App): void {
  app.post('/guess', { config, schema: { body } }, ({ body: { name } }) => answerTo(name))
  app.get('/guess', { config }, () => answerTo('wrong'))
  const uniform = { ...config, uniformTime: true } as const
  app.post('/form', { config, schema: { body } }, ({ body: { name } }, reply) => {
    const redirect = name === 'wrong' && redirectRefused(reply, { refusal: new Refusal('sign_in.incorrect') })
    return redirect || seeOther(reply, '/guess')
  })
  app.post('/told-nothing', { config: uniform, schema: { body } }, ({ body: { name } }) => answerTo(name))
}

function answerTo(name: string): { done: boolean } {
  if (name === 'wrong') throw new Refusal('sign_in.incorrect')
  if (name === 'blocked') throw new Refusal('throttle.blocked', { retryAfter: 30 })
  if (name === 'bug') throw new Error('a bug')
  return { done: true }
}

/** The status of an answer, and its response time in milliseconds of the mocked timer. */
async function timed(t: TestContext, app: App, name: string, url = '/guess') {
  let passed = 0
  let status: number | undefined
  const answered = app.inject({ method: 'POST', url, payload: { name } }).then((reply) => {
    status = reply.statusCode
  })
  // Without a timer an answer takes some turns of the event loop.
  const turns = async () => {
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  await turns()
  for (; status === undefined && passed < 3 * GRID; passed += 1) {
    t.mock.timers.tick(1)
    await turns()
  }
  await answered
  return [status, passed]
}

test('every refusal of a request that may change something is answered at a point of the grid, a success at once', async (t) => {
  const { app } = await openGuardedApp(t, [routes])
  t.mock.timers.enable({ apis: ['setInterval'] })
  assert.deepEqual(await timed(t, app, 'right'), [200, 0])
  assert.deepEqual(await timed(t, app, 'wrong'), [401, GRID])
  assert.deepEqual(await timed(t, app, 'blocked'), [429, GRID])
  assert.deepEqual(await timed(t, app, 'bug'), [500, GRID])
})

test('a route with uniform time answers its successes at a point of the grid too', async (t) => {
  const { app } = await openGuardedApp(t, [routes])
  t.mock.timers.enable({ apis: ['setInterval'] })
  assert.deepEqual(await timed(t, app, 'right', '/told-nothing'), [200, GRID])
  assert.deepEqual(await timed(t, app, 'wrong', '/told-nothing'), [401, GRID])
})

test('a redirect after a refused form is answered at a point of the grid, any other redirect at once', async (t) => {
  const { app } = await openGuardedApp(t, [routes])
  t.mock.timers.enable({ apis: ['setInterval'] })
  assert.deepEqual(await timed(t, app, 'right', '/form'), [303, 0])
  assert.deepEqual(await timed(t, app, 'wrong', '/form'), [303, GRID])
})

test('a request that is refused before its handler runs, or that cannot be a guess, is answered at once', async (t) => {
  const { app } = await openGuardedApp(t, [routes])
  t.mock.timers.enable({ apis: ['setInterval'] })
  assert.equal((await app.inject({ method: 'POST', url: '/guess', payload: {} })).statusCode, 422)
  assert.equal((await app.inject({ method: 'GET', url: '/guess' })).statusCode, 401)
})

test('the timer of a request ends with its connection, also if the handler never answers', async (t) => {
  const reached = Promise.withResolvers<void>()
  const silent = (app: App): void =>
    void app.post('/silent', { config }, async (_request, reply) => {
      reply.hijack()
      reached.resolve()
    })
  const { app } = await openGuardedApp(t, [silent])
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const [begun, ended] = [t.mock.method(globalThis, 'setInterval'), t.mock.method(globalThis, 'clearInterval')]
  const client = connect(Number(port), '127.0.0.1')
  t.after(() => client.destroy())
  client.write('POST /silent HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n')
  await reached.promise
  // Requests of earlier tests may end their own timers meanwhile.
  const timers = begun.mock.calls.filter(({ arguments: [, step] }) => step === GRID).map(({ result }) => result)
  assert.equal(timers.length, 1)
  const isEnded = (): boolean => ended.mock.calls.some(({ arguments: [timer] }) => timer === timers[0])
  assert.ok(!isEnded())
  client.destroy()
  while (!isEnded()) await new Promise((resolve) => setTimeout(resolve, 10))
})
