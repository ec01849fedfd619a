// The verifier of clients/node remembers what tokens are worth only while it hears of endings: who was disabled is refused within two seconds, whatever fails.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { hours, seconds } from '#foundation/kernel/time.ts'
import { disableUser, signOutUser } from '#use-cases/administration/account-status/account-status.service.ts'
import { signOutOfAppOf } from '#use-cases/administration/clients/user-apps.service.ts'
import { revokeSession } from '#use-cases/administration/credentials/credentials.service.ts'
import { AccessError, verifier, type VerifierOptions } from '../../clients/node/src/index.ts'
import { registerApp, signInAt, type TestApp } from '../support/openid/apps.ts'
import { registerApi, RESOURCE_URI } from '../support/openid/resources.ts'
import { type Fault, streamProxy, urlSent } from '../support/openid/stream-proxy.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { waitUntil } from '../support/server/started-program.ts'

const BOUND = 2000

/** An app with a token of ada's, and what counts its questions and hears of endings by a proxy. */
async function scene(t: TestContext, tokenFormat: 'opaque' | 'jwt' = 'opaque') {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  // What ended while she set up her account is not about the sign-in that follows.
  server.clock.pass(seconds(10))
  const browser = new Visitor(server)
  await signsIn(browser, ada)
  const app = await registerApp(server)
  const orders = await registerApi(server, { tokenFormat })
  await chainPending(server.operator())
  const proxy = await streamProxy(t, Number(new URL(baseUrl).port))
  const { id, subject } = await stored(server, ada.username)
  const asked: string[] = []
  const said: string[] = []
  const verifierOf = ({ client, secret }: TestApp, more: Partial<VerifierOptions> = {}) => {
    const through = more.fetch ?? fetch
    const made = verifier({
      url: baseUrl,
      clientId: client.id,
      clientSecret: secret,
      resources: [RESOURCE_URI],
      log: (sentence) => said.push(sentence),
      ...more,
      fetch: (url, request) => {
        const path = urlSent(url).slice(baseUrl.length)
        if (path.startsWith('/endings')) return through(proxy.url + path, request)
        asked.push(path)
        return through(url, request)
      },
    })
    t.after(() => made.close())
    return (token: string) => made.verify(`Bearer ${token}`)
  }
  const signIn = () => signInAt(browser, app)
  const signInForOrders = () => signInAt(browser, app, { scope: 'openid read', resource: RESOURCE_URI })
  return { server, browser, ada, app, orders, proxy, id, subject, asked, said, verifierOf, signIn, signInForOrders }
}

type Verify = (token: string) => Promise<unknown>

/** Waits until a verifier believes its memory: then a request asks nothing. */
async function remembers(verify: Verify, token: string, asked: readonly string[]): Promise<void> {
  await waitUntil(async () => {
    const before = asked.length
    await verify(token)
    await verify(token)
    return asked.length === before
  })
}

/** Sends requests for a while; returns how many milliseconds after the beginning the last one that was accepted was sent, and the last status. */
async function lastAccepted(verify: Verify, token: string, span: number): Promise<{ after: number; status: number }> {
  const began = performance.now()
  let after = 0
  let status = 200
  while (performance.now() - began < span) {
    const sent = performance.now() - began
    const answer = await verify(token).then(
      () => 200,
      (error: unknown) => (error instanceof AccessError ? error.status : 500),
    )
    if (answer === 200) after = sent
    status = answer
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return { after, status }
}

test('a token is asked about once, and refused within two seconds once its user is disabled', async (t) => {
  const { server, app, id, asked, verifierOf, signIn } = await scene(t)
  const { access_token: token } = await signIn()
  const verify = verifierOf(app)
  await remembers(verify, token, asked)
  const before = asked.length
  for (let count = 0; count < 100; count += 1) await verify(token)
  assert.equal(asked.length, before, 'a hundred requests from memory')
  await disableUser(server.operator(), { id })
  const { after, status } = await lastAccepted(verify, token, 2500)
  assert.ok(after < BOUND, `accepted ${after} ms later`)
  assert.equal(status, 401)
})

leaveToTestAll()

test('a session that was ended, a sign-out everywhere and a withdrawn consent are refused within two seconds, at an API too', async (t) => {
  const { server, browser, ada, app, orders, id, subject, asked, verifierOf, signInForOrders } = await scene(t)
  const verify = verifierOf(orders.api)
  const sessionOf = async () => {
    const rows = server.doorward.db.selectFrom('client_session').select('session_id').where('subject', '=', subject)
    return (await rows.orderBy('session_id', 'desc').executeTakeFirstOrThrow()).session_id
  }
  const causes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['consent', () => signOutOfAppOf(server.operator(), { id }, app.client.id)],
    ['session', async () => revokeSession(server.operator(), await sessionOf())],
    ['everywhere', () => signOutUser(server.operator(), { id })],
  ]
  for (const [name, end] of causes) {
    await signsIn(browser, ada)
    const { access_token: token } = await signInForOrders()
    await remembers(verify, token, asked)
    await end()
    const { after, status } = await lastAccepted(verify, token, 2200)
    assert.ok(after < BOUND, `${name}: accepted ${after} ms later`)
    assert.equal(status, 401, name)
  }
})

const FAULTS: readonly (readonly [string, Fault])[] = [
  ['cut silently', 'swallow'],
  ['reset', 'reset'],
  ['held back for ten seconds', { hold: 10_000 }],
  ['held back for one second', { hold: 1000 }],
  // By its arrival each line would say that nothing has ended, four seconds after something had.
  ['four seconds late throughout', { delay: 4000 }],
]
for (const [name, fault] of FAULTS)
  test(`the bound holds while the stream is ${name}, and no request is refused that should not be`, async (t) => {
    const { server, app, proxy, id, asked, verifierOf, signIn } = await scene(t)
    const { access_token: token } = await signIn()
    const verify = verifierOf(app)
    await remembers(verify, token, asked)
    proxy.set(fault)
    const { status: meanwhile } = await lastAccepted(verify, token, 2500)
    assert.equal(meanwhile, 200)
    await disableUser(server.operator(), { id })
    const { after, status } = await lastAccepted(verify, token, 12_000)
    assert.ok(after < BOUND, `accepted ${after} ms later`)
    assert.equal(status, 401)
  })

test('the bound holds if the stream is cut in the moment of the ending', async (t) => {
  const { server, app, proxy, id, asked, verifierOf, signIn } = await scene(t)
  const { access_token: token } = await signIn()
  const verify = verifierOf(app)
  await remembers(verify, token, asked)
  proxy.set('swallow')
  await disableUser(server.operator(), { id })
  const { after, status } = await lastAccepted(verify, token, 3000)
  assert.ok(after < BOUND, `accepted ${after} ms later`)
  assert.equal(status, 401)
})

test('an answer that was made before the ending and delivered after it is neither believed nor remembered', async (t) => {
  const { server, app, id, asked, verifierOf, signIn } = await scene(t)
  const { access_token: other } = await signIn()
  const { access_token: token } = await signIn()
  let deliver: (() => void) | undefined
  let holds = false
  const verify = verifierOf(app, {
    fetch: async (url, request) => {
      const answer = await fetch(url, request)
      const isHeld = holds && urlSent(url).endsWith('/introspection')
      holds &&= !isHeld
      if (isHeld) await new Promise<void>((resolve) => (deliver = resolve))
      return answer
    },
  })
  await remembers(verify, other, asked)
  holds = true
  const late = verify(token)
  await waitUntil(async () => deliver !== undefined)
  await disableUser(server.operator(), { id })
  await waitUntil(async () =>
    verify(other).then(
      () => false,
      () => true,
    ),
  )
  deliver?.()
  await assert.rejects(late, ({ status }: AccessError) => status === 401 || status === 503)
  await assert.rejects(verify(token), ({ status }: AccessError) => status === 401)
})

test('a cut stream is no storm: one question for each token at a time', async (t) => {
  const { app, proxy, asked, verifierOf, signIn } = await scene(t)
  const { access_token: token } = await signIn()
  const verify = verifierOf(app)
  await remembers(verify, token, asked)
  proxy.set('reset')
  await waitUntil(async () => {
    const before = asked.length
    await verify(token)
    return asked.length > before
  })
  const before = asked.length
  await Promise.all(Array.from({ length: 50 }, () => verify(token)))
  assert.equal(asked.length, before + 1)
})

test('a reader whose position the server does not know forgets what it remembered, and starts anew', async (t) => {
  const { app, proxy, asked, verifierOf, signIn } = await scene(t)
  const { access_token: token } = await signIn()
  const streams: string[] = []
  let isOther = false
  const verify = verifierOf(app, {
    fetch: async (url, request) => {
      const answer = await fetch(isOther ? urlSent(url).replace(/after=\d+/, 'after=99999') : url, request)
      if (urlSent(url).includes('/endings'))
        streams.push(`${new URL(urlSent(url)).search.slice(0, 6)} ${answer.status}`)
      return answer
    },
  })
  await remembers(verify, token, asked)
  isOther = true
  const before = asked.length
  proxy.set('reset')
  proxy.set('pass')
  await waitUntil(async () => streams.length >= 3)
  assert.deepEqual(
    streams.map((one) => one.slice(0, 6) + one.slice(-4)),
    ['?withi 200', '?after 410', '?withi 200'],
  )
  await verify(token)
  assert.ok(asked.length > before, 'it was forgotten')
  await remembers(verify, token, asked)
})

test('a machine that was suspended asks again until its new stream has said what ended meanwhile', async (t) => {
  const { app, proxy, asked, verifierOf, signIn } = await scene(t)
  const { access_token: token } = await signIn()
  let isResumed = false
  let streams = 0
  const verify = verifierOf(app, {
    fetch: (url, request) => {
      if (!isResumed || !urlSent(url).includes('/endings')) return fetch(url, request)
      streams += 1
      return new Promise(() => undefined)
    },
  })
  await remembers(verify, token, asked)
  // The steady clock of many systems stands still while they are suspended, the other one does not.
  const real = Date.now
  t.mock.method(Date, 'now', () => real() + 5000)
  isResumed = true
  proxy.set('reset')
  await waitUntil(async () => streams > 0)
  const before = asked.length
  await verify(token)
  assert.equal(asked.length, before + 1)
})

test('a JWT is checked by the published keys and by the endings, and refused with 503 while none are heard', async (t) => {
  const { server, browser, ada, app, orders, proxy, id, asked, said, verifierOf, signInForOrders } = await scene(
    t,
    'jwt',
  )
  const { access_token: token } = await signInForOrders()
  const verify = verifierOf(orders.api, { now: () => server.clock.now() })
  await verify(token)
  assert.deepEqual(asked.toSorted(), ['/oidc/.well-known/openid-configuration', '/oidc/jwks'])
  const parts = token.split('.')
  const forged = [parts[0], Buffer.from('{"sub":"root"}').toString('base64url'), parts[2]].join('.')
  await assert.rejects(verify(forged), ({ status }: AccessError) => status === 401)
  await assert.rejects(verify(`${token.slice(0, -6)}AAAAAA`), ({ status }: AccessError) => status === 401)
  const elsewhere = verifierOf(app, { resources: ['https://api.example/other'] })
  await assert.rejects(elsewhere(token), ({ status }: AccessError) => status === 401)

  await signOutUser(server.operator(), { id })
  const { after, status } = await lastAccepted(verify, token, 2200)
  assert.ok(after < BOUND, `accepted ${after} ms later`)
  assert.equal(status, 401)
  const later = verifierOf(orders.api, { now: () => server.clock.now() })
  await assert.rejects(
    later(token),
    ({ status: code }: AccessError) => code === 401,
    'a program that starts later hears of it too',
  )

  server.clock.pass(seconds(10))
  await signsIn(browser, ada)
  const { access_token: again } = await signInForOrders()
  await verify(again)
  proxy.set('swallow')
  const cut = await lastAccepted(verify, again, 4500)
  assert.ok(cut.after < BOUND)
  assert.equal(cut.status, 503)
  assert.match(said.at(-1) ?? '', /the stream of endings is cut/)
  proxy.set('pass')
  server.clock.pass(hours(1))
  await assert.rejects(verify(again), ({ status: code }: AccessError) => code === 401 || code === 503)
})
