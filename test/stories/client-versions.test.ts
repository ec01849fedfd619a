// The client of clients/node before a server that is older or newer than it: unknown codes count as their status, and unknown fields and events as nothing.
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import type { TestContext } from 'node:test'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { disableUser } from '#use-cases/administration/account-status/account-status.service.ts'
import {
  AccessError,
  createDoorward,
  etagOf,
  everyItem,
  isRefusal,
  Refusal,
  UnexpectedAnswer,
  verifier,
  waits,
  withCaller,
} from '../../clients/node/src/index.ts'
import { registerApp, signInAt, type TestApp } from '../support/openid/apps.ts'
import { type ChangedAnswer, type Changes, changingProxy } from '../support/openid/changing-proxy.ts'
import { claimsIn } from '../support/openid/ending-stream.ts'
import { registerApi, RESOURCE_URI } from '../support/openid/resources.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { waitUntil } from '../support/server/started-program.ts'

const FUTURE = { future: { since: 'a later version' } }

/** Every object of an answer with fields that this version does not know. */
function grown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grown)
  if (typeof value !== 'object' || value === null) return value
  return { ...Object.fromEntries(Object.entries(value).map(([name, one]) => [name, grown(one)])), ...FUTURE }
}

/** A later version has another code for what is refused. */
function newer(_asked: string, answer: ChangedAnswer): void {
  answer.body = grown(answer.body)
  if (answer.status >= 400) (answer.body as Record<string, unknown>)['code'] = 'future.reason'
}

async function clientBehind(t: TestContext, changes: Changes) {
  const { server, baseUrl } = await listening(t)
  const { token = '' } = await (await firstAdmin(server)).signsIn()
  const proxy = await changingProxy(t, baseUrl, changes)
  return { proxy, doorward: createDoorward({ url: proxy.url, token }) }
}

test('with a newer server, users are created, read, listed and changed, and an unknown code is a refusal with its status', async (t) => {
  const { proxy, doorward } = await clientBehind(t, { answer: newer })
  const created = await doorward.createUser({ body: { username: 'ada', email: 'ada@example.org' } })
  assert.ok(!waits(created) && 'future' in created)
  const read = await doorward.getUser({ id: created.id })
  assert.ok(etagOf(read))
  await doorward.changeUser({ id: read.id, body: { full_name: 'Ada Lovelace' }, ifMatch: read })
  const names: string[] = []
  for await (const { username } of everyItem(doorward.listUsers, { limit: 1, sort: 'username' })) names.push(username)
  assert.deepEqual(names, ['ada', 'root'])

  const refused: [string, number][] = []
  const note = (error: unknown): void => {
    assert.ok(error instanceof Refusal)
    refused.push([error.code, error.status])
  }
  await doorward.changeUser({ id: read.id, body: { full_name: 'Ada' }, ifMatch: read }).catch((error: unknown) => {
    assert.ok(isRefusal(error, 'changeUser'))
    switch (error.code) {
      case 'resource.stale':
        return assert.fail('the server gave another code')
      default:
        return note(error)
    }
  })
  await doorward.getUser({ id: 999_999 }).catch(note)
  await doorward.createUser({ body: { username: 'ada' } }).catch(note)
  assert.deepEqual(
    refused,
    [412, 404, 409].map((status) => ['future.reason', status]),
  )

  let isBusy = true
  const busy = (_asked: string, answer: ChangedAnswer): void => {
    if (isBusy) {
      answer.status = 503
      answer.headers = { 'content-type': 'application/problem+json', 'retry-after': '0' }
      answer.body = { code: 'future.busy', status: 503, detail: '', ...FUTURE }
    }
    isBusy = false
  }
  proxy.set({ answer: busy })
  await doorward.getUser({ id: read.id })
  assert.deepEqual(proxy.asked.slice(-2), [`GET /users/${read.id}`, `GET /users/${read.id}`])
  isBusy = true
  const before = proxy.asked.length
  await assert.rejects(doorward.createUser({ body: { username: 'bob' } }), Refusal)
  assert.equal(proxy.asked.length, before + 1, 'nothing says that it was not done')
})

leaveToTestAll()

test('with an older server, a refusal without its fields has the status of the answer, and a list without a cursor ends', async (t) => {
  const without = (...names: string[]): Changes => ({
    answer(_asked, answer) {
      for (const name of names) delete (answer.body as Record<string, unknown>)[name]
    },
  })
  const { proxy, doorward } = await clientBehind(t, without('status', 'detail', 'reference', 'title'))
  await assert.rejects(doorward.getUser({ id: 999_999 }), (error) => {
    assert.ok(error instanceof Refusal)
    assert.deepEqual([error.status, error.code], [404, 'user.not_found'])
    assert.doesNotMatch(error.message, /undefined/)
    return true
  })
  proxy.set(without('code'))
  await assert.rejects(doorward.getUser({ id: 999_999 }), (error) => {
    assert.ok(error instanceof UnexpectedAnswer)
    return error.status === 404
  })
  proxy.set(without('next_cursor'))
  const names: string[] = []
  for await (const { username } of everyItem(doorward.listUsers, {})) names.push(username)
  assert.deepEqual(names, ['root'])
})

type Verify = (token: string) => Promise<unknown>

/** Ada has tokens for an app and an API, which ask through a proxy and hear of endings through it. */
async function scene(t: TestContext, changes: Changes, tokenFormat: 'opaque' | 'jwt' = 'opaque') {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  server.clock.pass(seconds(10))
  const browser = new Visitor(server)
  await signsIn(browser, ada)
  const app = await registerApp(server)
  const orders = await registerApi(server, { tokenFormat })
  await chainPending(server.operator())
  const proxy = await changingProxy(t, baseUrl, changes)
  const { id } = await stored(server, ada.username)
  const verifierOf = ({ client, secret }: TestApp, { url } = proxy) => {
    const options = { url, clientId: client.id, clientSecret: secret, resources: [RESOURCE_URI] }
    const made = verifier({ ...options, now: () => server.clock.now(), log: () => undefined })
    t.after(() => made.close())
    return made
  }
  const questions = () => proxy.asked.filter((one) => one.endsWith('/introspection')).length
  const forOrders = () => signInAt(browser, app, { scope: 'openid read', resource: RESOURCE_URI })
  return { server, app, orders, proxy, id, verifierOf, questions, signIn: () => signInAt(browser, app), forOrders }
}

/** Waits until a verifier believes its memory: then a request asks nothing. */
function remembers(verify: Verify, token: string, questions: () => number): Promise<void> {
  return waitUntil(async () => {
    const before = questions()
    await verify(token)
    await verify(token)
    return questions() === before
  })
}

function endsWith(status: number, verify: Verify, token: string): Promise<void> {
  return waitUntil(async () =>
    verify(token).then(
      () => false,
      (error: unknown) => error instanceof AccessError && error.status === status,
    ),
  )
}

/** The token of an event with other claims. The reader takes it from the server itself, so that the signature counts for nothing. */
function withClaims(event: string, change: (claims: Record<string, unknown>) => unknown): string {
  return event.replace(/(?<=data: )\S+/, (token) => {
    const [head, , signature] = token.split('.')
    return [head, Buffer.from(JSON.stringify(change(claimsIn(token)))).toString('base64url'), signature].join('.')
  })
}

const UNKNOWN_EVENT = 'https://schemas.openid.net/secevent/caep/event-type/future-change'

/** Comments, unknown fields and unknown kinds of events around each one; its data has unknown members. */
function newerEvent(event: string): string {
  const known = event.startsWith('event: ending')
    ? withClaims(event, (claims) => grown({ ...claims, txn: 'later', events: eventsOf(claims) }))
    : event.replace('{', '{"future":1,')
  return `: a comment\n\nevent: future\nid: 99-later\ndata: not JSON\n\nretry: 100\nfuture: 1\n${known}\nfuture: 2`
}

/** With an event of a later version in front, about the same user. */
function eventsOf({ events }: Record<string, unknown>): object {
  return { [UNKNOWN_EVENT]: { event_timestamp: 1 }, ...(events as object) }
}

test('with a newer server, a verifier remembers, hears of endings and refuses, and its middleware says what it said', async (t) => {
  const stronger = (asked: string, answer: ChangedAnswer): void => {
    answer.body = grown(answer.body)
    if (asked.endsWith('/introspection') && (answer.body as { active?: boolean }).active === true)
      Object.assign(answer.body as object, { acr: 'urn:doorward:future', roles: ['user', { id: 1 }] })
  }
  const { server, app, id, verifierOf, questions, signIn } = await scene(t, { answer: stronger, event: newerEvent })
  const { access_token: token } = await signIn()
  const made = verifierOf(app)
  const verify = (sent: string) => made.verify(`Bearer ${sent}`)
  await remembers(verify, token, questions)
  assert.deepEqual((await verify(token)).roles, ['user'])
  assert.ok('future' in (await verify(token)).claims)

  const answers = withCaller(made, () => new Response('yes'), { acr: 'urn:doorward:one-factor' })
  const asks = (sent: string) =>
    answers(new Request('http://app.example/', { headers: { authorization: `Bearer ${sent}` } }))
  const weak = await asks(token)
  assert.deepEqual(
    [weak.status, weak.headers.get('www-authenticate')?.includes('insufficient_user_authentication')],
    [401, true],
    'an unknown level is no strength',
  )
  assert.equal((await asks('wrong')).status, 401)

  const before = questions()
  await disableUser(server.operator(), { id })
  await endsWith(401, verify, token)
  assert.equal(questions(), before + 1, 'from memory until the ending was heard')
})

test('an unknown kind of ending ends what is remembered: a token is asked about, and a JWT refused', async (t) => {
  const unknown = (event: string): string =>
    event.startsWith('event: ending')
      ? withClaims(event, (claims) => ({ ...claims, events: { [UNKNOWN_EVENT]: { event_timestamp: 1 } } }))
      : event
  const { server, app, orders, id, verifierOf, questions, signIn, forOrders } = await scene(
    t,
    { event: unknown },
    'jwt',
  )
  const { access_token: token } = await signIn()
  const { access_token: jwt } = await forOrders()
  const [atApp, atOrders] = [verifierOf(app), verifierOf(orders.api)]
  const verify = (sent: string) => atApp.verify(`Bearer ${sent}`)
  const verifyJwt = (sent: string) => atOrders.verify(`Bearer ${sent}`)
  await remembers(verify, token, questions)
  await verifyJwt(jwt)
  await disableUser(server.operator(), { id })
  await endsWith(401, verify, token)
  await endsWith(401, verifyJwt, jwt)
})

test('with a server whose stream is missing or says no time, each token is asked about, until the server is renewed', async (t) => {
  const timeless = (event: string): string => event.replace(/data: \{.*/, 'data: {}')
  const { app, orders, proxy, verifierOf, questions, signIn, forOrders } = await scene(t, { event: timeless }, 'jwt')
  const { access_token: token } = await signIn()
  const made = verifierOf(app)
  const verify = (sent: string) => made.verify(`Bearer ${sent}`)
  let lines = 0
  proxy.set({ event: (event) => (event.startsWith('event: complete') && (lines += 1), timeless(event)) })
  await waitUntil(async () => {
    const before = questions()
    await verify(token)
    assert.equal(questions(), before + 1)
    return lines >= 2
  })
  proxy.set({})
  await remembers(verify, token, questions)

  const older = await changingProxy(t, proxy.url, { has: (asked) => !asked.startsWith('GET /endings') })
  const { access_token: jwt } = await forOrders()
  const without = verifierOf(app, older)
  for (let count = 1; count <= 3; count += 1) {
    await without.verify(`Bearer ${token}`)
    assert.equal(older.asked.filter((one) => one.endsWith('/introspection')).length, count)
  }
  await assert.rejects(
    verifierOf(orders.api, older).verify(`Bearer ${jwt}`),
    ({ status }: AccessError) => status === 503,
  )
})

/** A JWT as a later server might sign it, with the claims of a real one. */
function signedBy(key: Parameters<typeof sign>[2], head: object, claims: object): string {
  const text = [head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(text), { key: key as never, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

test('with a newer server, a JWT with unknown parts counts, one with a part that must be understood does not, and keys of other kinds are left out', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' })
  const rotated = (asked: string, answer: ChangedAnswer): void => {
    answer.body = grown(answer.body)
    if (!asked.endsWith('/jwks')) return
    const { keys } = answer.body as { keys: JsonWebKey[] }
    const others = [
      { ...jwk, kid: 'encryption', use: 'enc', key_ops: ['deriveBits'], alg: 'ECDH-ES' },
      { kty: 'AKP', alg: 'ML-DSA-44', kid: 'later', pub: 'AAAA' },
    ]
    answer.body = { keys: [...others, ...keys, { ...jwk, kid: 'new', use: 'sig', alg: 'ES256', ...FUTURE }] }
  }
  const { orders, verifierOf, forOrders } = await scene(t, { answer: rotated }, 'jwt')
  const { access_token: token } = await forOrders()
  const { verify } = verifierOf(orders.api)
  await verify(`Bearer ${token}`)
  const head = { typ: 'at+jwt', alg: 'ES256', kid: 'new', ...FUTURE }
  const claims = { ...claimsIn(token), ...FUTURE }
  const { subject, claims: read } = await verify(`Bearer ${signedBy(privateKey, head, claims)}`)
  assert.deepEqual([subject, 'future' in read], [claims['sub' as never], true])
  const critical = signedBy(privateKey, { ...head, crit: ['future'] }, claims)
  await assert.rejects(verify(`Bearer ${critical}`), ({ status }: AccessError) => status === 401)
})
