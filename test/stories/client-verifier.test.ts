// An app that asks about access tokens by the verifier of clients/node, alone and in front of the routes of frameworks.
import fastify from 'fastify'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { TestContext } from 'node:test'

import { seconds } from '#foundation/kernel/time.ts'
import {
  AccessError,
  type Caller,
  expressCaller,
  fastifyCaller,
  verifier,
  type VerifierOptions,
  withCaller,
} from '../../clients/node/src/index.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import { registerApi, RESOURCE_URI } from '../support/openid/resources.ts'
import { urlSent } from '../support/openid/stream-proxy.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'

/** An app of which ada has a token, an API for which that app has one, and what asks about either. */
async function scene(t: TestContext, scope = 'openid roles groups') {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  const browser = new Visitor(server)
  await signsIn(browser, ada)
  const app = await registerApp(server, { scopes: ['openid', 'roles', 'groups'] })
  const orders = await registerApi(server)
  const own = await signInAt(browser, app, { scope })
  const forOrders = await signInAt(browser, app, { scope: 'openid read', resource: RESOURCE_URI })
  const said: string[] = []
  const optionsOf = ({ client, secret }: typeof app, more: Partial<VerifierOptions> = {}): VerifierOptions => ({
    url: baseUrl,
    clientId: client.id,
    clientSecret: secret,
    now: () => server.clock.now(),
    log: (sentence) => said.push(sentence),
    ...more,
  })
  return { server, root, ada, app, orders, browser, own, forOrders, optionsOf, said, subject: own.claims()?.sub }
}

/** Whether a request of the verifier is a question about a token, and not its stream. */
const isQuestion = ([url]: Parameters<typeof fetch>): boolean => urlSent(url).endsWith('/oidc/token/introspection')

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

function refusedWith(status: number, challenge?: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof AccessError)
    assert.equal(error.status, status, error.message)
    if (challenge !== undefined) assert.match(error.headers['www-authenticate'] ?? '', challenge)
    return true
  }
}

test('a token is verified at the app that it is for, and refused at the next request once its user is disabled', async (t) => {
  const { root, ada, app, orders, own, forOrders, optionsOf, subject } = await scene(t)
  const atApp = verifier(optionsOf(app))
  const atOrders = verifier(optionsOf(orders.api, { resources: [RESOURCE_URI] }))
  const caller = await atApp.verify(bearer(own.access_token))
  assert.deepEqual([caller.subject, caller.clientId, caller.roles], [subject, app.client.id, ['user']])
  const { scopes } = await atOrders.verify(new Request(RESOURCE_URI, bearer(forOrders.access_token)))
  assert.ok(scopes.includes('read'))

  await assert.rejects(atOrders.verify(bearer(own.access_token)), refusedWith(401, /error="invalid_token"/))
  await assert.rejects(atApp.verify(bearer(forOrders.access_token)), refusedWith(401, /error="invalid_token"/))
  await assert.rejects(atApp.verify(bearer(own.refresh_token ?? '')), refusedWith(401))
  await assert.rejects(atApp.verify({ headers: {} }), refusedWith(401, /^Bearer$/))
  await assert.rejects(atApp.verify({ headers: { authorization: 'Basic YTpi' } }), refusedWith(401, /invalid_request/))
  assert.equal(await atApp.verifyIfSent({ headers: {} }), undefined)

  const { body } = await root.asks('GET', `/users?q=${ada.username}`)
  const [{ id } = { id: 0 }] = body['items'] as { id: number }[]
  await root.asks('POST', `/users/${id}/disable`)
  await assert.rejects(atApp.verify(bearer(own.access_token)), refusedWith(401, /invalid_token/))
  await assert.rejects(atOrders.verify(bearer(forOrders.access_token)), refusedWith(401, /invalid_token/))
})

leaveToTestAll()

test('a route demands scopes, roles, groups, a strength of the sign-in and its age, and says what is missing', async (t) => {
  const { server, app, own, optionsOf } = await scene(t)
  const { verify } = verifier(optionsOf(app))
  const asks = (demands: Parameters<typeof verify>[1]) => verify(bearer(own.access_token), demands)
  await asks({ scopes: ['roles'], roles: ['admin', 'user'], acr: 'urn:doorward:two-factors', maxAge: 60 })

  await assert.rejects(asks({ scopes: ['write'] }), refusedWith(403, /error="insufficient_scope", scope="write"/))
  await assert.rejects(asks({ roles: ['admin'] }), refusedWith(403))
  await assert.rejects(asks({ groups: ['Engineering'] }), refusedWith(403))
  const stronger = /error="insufficient_user_authentication", acr_values="urn:doorward:phishing-resistant"/
  await assert.rejects(asks({ acr: 'urn:doorward:phishing-resistant' }), refusedWith(401, stronger))
  server.clock.pass(seconds(61))
  await assert.rejects(asks({ maxAge: 60 }), refusedWith(401, /max_age="60"/))
})

test('what cannot be asked is 503 and said once: a wrong secret, a server that is away or does not answer in time', async (t) => {
  const { app, own, optionsOf, said } = await scene(t)
  const request = bearer(own.access_token)
  const wrong = verifier(optionsOf(app, { clientSecret: 'wrong' }))
  for (let i = 0; i < 2; i += 1) await assert.rejects(wrong.verify(request), refusedWith(503))
  assert.equal(said.length, 1)
  assert.match(said[0] ?? '', /status 401/)

  const away = verifier(optionsOf(app, { url: 'http://localhost:1' }))
  await assert.rejects(away.verify(request), refusedWith(503))
  const silent = createServer(() => undefined)
  t.after(() => silent.closeAllConnections())
  t.after(() => silent.close())
  const port = await freePort()
  await new Promise((resolve) => silent.listen(port, 'localhost', () => resolve(undefined)))
  const slow = verifier(optionsOf(app, { url: `http://localhost:${port}`, timeout: 20 }))
  await assert.rejects(slow.verify(request), refusedWith(503))

  for (const body of ['<h1>Sign in to the network</h1>', '{ "active": true', 'null'])
    await assert.rejects(
      verifier(optionsOf(app, { fetch: () => Promise.resolve(new Response(body)) })).verify(request),
      refusedWith(503),
    )

  let isAway = true
  const mended = verifier(
    optionsOf(app, { fetch: (...asked) => (isAway ? Promise.reject(new Error('away')) : fetch(...asked)) }),
  )
  await assert.rejects(mended.verify(request), refusedWith(503))
  isAway = false
  await mended.verify(request)
  assert.equal(said.at(-1), 'Doorward answers again.')
})

test('a burst of requests asks once for each token, and fifty tokens at once', async (t) => {
  const { app, own, optionsOf } = await scene(t)
  let asked = 0
  let open = () => undefined as void
  const opened = new Promise<void>((resolve) => (open = resolve))
  const held: typeof fetch = async (...request) => {
    if (!isQuestion(request)) throw new Error('there is no stream')
    asked += 1
    await opened
    return fetch(...request)
  }
  const { verify } = verifier(optionsOf(app, { fetch: held, timeout: 30_000 }))
  const same = Array.from({ length: 40 }, () => verify(bearer(own.access_token)))
  const others = Promise.allSettled(Array.from({ length: 80 }, (_, index) => verify(bearer(`other-${index}`))))
  assert.equal(asked, 50)
  open()
  for (const { subject } of await Promise.all(same)) assert.equal(subject, own.claims()?.sub)
  for (const { status } of await others) assert.equal(status, 'rejected')
  assert.equal(asked, 81)
})

test('the middlewares set the caller, let requests without a token through where they may, and answer the others', async (t) => {
  const { app, own, optionsOf, subject } = await scene(t)
  const asking = verifier(optionsOf(app))
  const token = own.access_token

  const server = fastify()
  t.after(() => server.close())
  const whoAsks = (request: { caller?: Caller | undefined }) => ({ subject: request.caller?.subject ?? null })
  server.get('/mine', { preHandler: fastifyCaller(asking) }, (request) => whoAsks(request as never))
  server.get('/open', { preHandler: fastifyCaller(asking, { optional: true }) }, (request) => whoAsks(request as never))
  server.get('/admins', { preHandler: fastifyCaller(asking, { roles: ['admin'] }) }, () => ({}))
  const at = async (url: string, sent?: string) => {
    const answer = await server.inject({ url, headers: sent === undefined ? {} : bearer(sent).headers })
    return [answer.statusCode, answer.json<{ subject?: string | null }>().subject, answer.headers['www-authenticate']]
  }
  assert.deepEqual(await at('/mine', token), [200, subject, undefined])
  assert.deepEqual(await at('/mine'), [401, undefined, 'Bearer'])
  assert.deepEqual(await at('/open'), [200, null, undefined])
  assert.deepEqual((await at('/open', 'wrong'))[0], 401)
  assert.deepEqual((await at('/admins', token))[0], 403)

  const handler = withCaller(asking, (_request, caller) => Response.json({ subject: caller.subject }))
  assert.deepEqual(await (await handler(new Request('http://app.example/', bearer(token)))).json(), { subject })
  const refused = await handler(new Request('http://app.example/'))
  assert.deepEqual([refused.status, refused.headers.get('www-authenticate')], [401, 'Bearer'])

  const answered: unknown[] = []
  const response = {
    status: (code: number) => (answered.push(code), response),
    set: () => response,
    json: () => undefined,
  }
  const express = expressCaller(asking)
  const request: { headers: Record<string, string>; caller?: Caller } = bearer(token)
  await new Promise<void>((resolve) => express(request, response, () => resolve()))
  assert.equal(request.caller?.subject, subject)
})
