// Another site makes the browser of somebody who is signed in here send a form, or a request. Nothing may happen: the
// browser says where the request came from, and only our own pages are believed.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { issueLink } from '../../src/links/link.service.ts'
import { hours } from '../../src/kernel/time.ts'
import { startSession } from '../../src/sessions/session.service.ts'
import { findUserByName } from '../../src/users/user.service.ts'
import { standingOf } from '../support/database-dump.ts'
import { Contract, isForAnyone } from '../support/openapi.ts'
import { ask, firstAdmin, PASSWORD, postForm } from '../support/people.ts'
import { attemptOf, exampleBodies, formOf, newScene, readyRequest, sendReady } from '../support/requests-that-work.ts'
import type { Scene } from '../support/requests-that-work.ts'
import { liveRoutes } from '../support/routes.ts'
import { start } from '../support/start.ts'
import type { Server } from '../support/start.ts'

const OURS = 'http://localhost:8000'
type Headers = Readonly<Record<string, string>>

const FOREIGN: Readonly<Record<string, Headers>> = {
  'no word of where it came from': {},
  'another site': { 'sec-fetch-site': 'cross-site' },
  'a sister site': { 'sec-fetch-site': 'same-site' },
  nowhere: { 'sec-fetch-site': 'none' },
  'a made-up word': { 'sec-fetch-site': 'Same-Origin, same-origin' },
  'a foreign origin': { origin: 'https://evil.example' },
  'a null origin': { origin: 'null' },
  'an origin that begins like ours': { origin: `${OURS}.evil.example` },
  'our name at another port': { origin: 'http://localhost:8001' },
  'our name under another scheme': { origin: 'https://localhost:8000' },
  'our name without the port': { origin: 'http://localhost' },
  'another site that says our origin': { 'sec-fetch-site': 'cross-site', origin: OURS },
  'a foreign origin with our page as referer': { origin: 'https://evil.example', referer: `${OURS}/account` },
  'our page as referer only': { referer: `${OURS}/account` },
  'our Host only': { host: 'localhost:8000' },
}
const OWN: readonly Headers[] = [{ 'sec-fetch-site': 'same-origin' }, { origin: OURS }]

interface Visit {
  readonly url: string
  readonly form: Readonly<Record<string, string>>
  readonly cookie: string
}

/** What would happen at each page if the form were believed. */
async function visitsOf(scene: Scene): Promise<Record<string, Visit>> {
  const { server, ada } = scene
  const session = `session=${await cookieOf(server, ada.username)}`
  const attempt = `attempt=${await attemptOf(scene)}`
  const setup = await linkFor(server, 'set-up', null)
  const { body } = await scene.admin.asks('POST', '/users', { username: 'grace' })
  const invitation =
    String((body['invitation'] as { url: string }).url)
      .split('/')
      .at(-1) ?? ''
  const { body: accepted } = await ask(server, 'POST', '/invitations/accept', {
    payload: { token: invitation, password: PASSWORD },
  })
  return {
    '/sign-in': { url: '/sign-in', form: { username: 'ada', password: ada.password }, cookie: session },
    '/sign-in/second-step': { url: '/sign-in/second-step', form: { code: ada.code() }, cookie: attempt },
    '/enrolment': { url: '/enrolment', form: { code: '123456' }, cookie: `attempt=${String(accepted['attempt'])}` },
    '/setup': { url: '/setup', form: { setup_token: setup }, cookie: session },
    '/setup/:token': { url: `/setup/${setup}`, form: { username: 'eve', password: PASSWORD }, cookie: session },
    '/invitation/:token': { url: `/invitation/${invitation}`, form: { password: PASSWORD }, cookie: session },
    '/sign-out': { url: '/sign-out', form: {}, cookie: session },
  }
}

async function cookieOf(server: Server, username: string): Promise<string> {
  const ctx = server.operator()
  const user = await findUserByName(ctx, username)
  assert.ok(user)
  return (await startSession(ctx, { user, methods: ['password', 'totp'], carrier: 'cookie' })).token.reveal()
}

async function linkFor(server: Server, purpose: 'set-up' | 'invitation', subject: string | null): Promise<string> {
  return (await issueLink(server.operator(), { purpose, subject, epoch: 0, lifetime: hours(1) })).token.reveal()
}

test('a form from anywhere but our own pages changes nothing, and one from our pages is taken', async (t) => {
  const scene = await newScene(t)
  const { server } = scene
  const visits = await visitsOf(scene)
  const posts = (await liveRoutes(server))
    .filter(({ method, config }) => method === 'POST' && config.page)
    .map(({ url }) => url)
  assert.deepEqual(Object.keys(visits).toSorted(), posts.toSorted())
  const before = await standingOf(server.doorward.db)
  for (const { url, form, cookie } of Object.values(visits)) {
    for (const [what, headers] of Object.entries(FOREIGN)) {
      const { status, raw } = await postForm(server, url, form, { cookie, ...headers })
      assert.equal(status, 403, `${url} from ${what}: ${raw.body.slice(0, 200)}`)
      assert.equal(raw.headers['set-cookie'], undefined, `${url} from ${what} sets a cookie`)
      assert.match(String(raw.headers['content-type']), /^text\/html/)
    }
  }
  assert.deepEqual(await standingOf(server.doorward.db), before)
  for (const { url, form, cookie } of Object.values(visits)) {
    const { status, raw } = await postForm(server, url, form, { cookie, ...OWN[0] })
    assert.notEqual(status, 403, `${url}: ${raw.body.slice(0, 200)}`)
  }
})

test('a page’s form needs no Sec-Fetch-Site where the browser sends its origin', async (t) => {
  const scene = await newScene(t)
  for (const own of OWN) {
    const cookie = `session=${await cookieOf(scene.server, 'ada')}`
    const { status } = await postForm(scene.server, '/sign-out', {}, { cookie, ...own })
    assert.equal(status, 303)
    assert.equal(
      (await ask(scene.server, 'GET', '/users/me', { headers: { cookie } })).status,
      401,
      'the session goes on',
    )
  }
})

test('a state-changing JSON request with a cookie is refused from anywhere else, and works from our own pages', async (t) => {
  const contract = await Contract.of(await start(t))
  const changing = contract.operations.filter((operation) => operation.method !== 'GET' && !isForAnyone(operation))
  assert.ok(changing.length > 15)
  for (const operation of changing) {
    await t.test(operation.operationId, async (inner) => {
      const scene = await newScene(inner)
      const request = await readyRequest(scene, operation, exampleBodies(contract, operation)[0])
      const cookie = `session=${await cookieOf(scene.server, request.as?.username ?? '')}`
      const before = await standingOf(scene.server.doorward.db)
      for (const [what, headers] of Object.entries(FOREIGN)) {
        const reply = await sendReady(scene, request, { cookie, ...headers })
        assert.equal(reply.statusCode, 403, `from ${what}: ${reply.body}`)
        assert.equal(reply.json<{ code: string }>().code, 'request.cross_origin')
      }
      assert.deepEqual(await standingOf(scene.server.doorward.db), before)
      const taken = await sendReady(scene, request, { cookie, 'sec-fetch-site': 'same-origin' })
      assert.ok(taken.statusCode < 300, `${taken.statusCode} ${taken.body}`)
      assert.equal(taken.headers['set-cookie'], undefined)
    })
  }
})

test('a body that a simple form of another site can send is no JSON', async (t) => {
  const scene = await newScene(t)
  const cookie = `session=${await cookieOf(scene.server, 'ada')}`
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const headers = { cookie, 'content-type': type, 'sec-fetch-site': 'same-origin' }
    const reply = await scene.server.app.inject({
      method: 'PATCH',
      url: '/users/me',
      headers,
      payload: '{"full_name":"Eve"}',
    })
    assert.equal(reply.statusCode, 415, type)
  }
})

test('a JSON sign-in never sets a cookie', async (t) => {
  const contract = await Contract.of(await start(t))
  for (const operation of contract.operations.filter(isForAnyone)) {
    await t.test(operation.operationId, async (inner) => {
      const scene = await newScene(inner)
      const reply = await sendReady(scene, await readyRequest(scene, operation, exampleBodies(contract, operation)[0]))
      assert.ok(reply.statusCode < 300)
      assert.equal(reply.headers['set-cookie'], undefined)
    })
  }
})

test('no page shows a token, and every cookie is out of reach of scripts and other sites', async (t) => {
  const scene = await newScene(t)
  const { server, ada } = scene
  const pages: string[] = []
  const cookies: string[] = []
  const visit = async (
    method: 'GET' | 'POST',
    url: string,
    cookie: string,
    form: Readonly<Record<string, string>> = {},
  ) => {
    const reply = await server.app.inject({
      method,
      url,
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' },
      ...(method === 'POST' && { payload: formOf(form) }),
    })
    pages.push(reply.body)
    cookies.push(...[reply.headers['set-cookie'] ?? []].flat())
    return reply
  }
  await visit('GET', '/sign-in', '')
  await visit('POST', '/sign-in', '', { username: 'ada', password: ada.password })
  const attempt = cookies.at(-1)?.split(';')[0] ?? ''
  await visit('GET', '/sign-in/second-step', attempt)
  await visit('POST', '/sign-in/second-step', attempt, { code: '000000' })
  await visit('POST', '/sign-in/second-step', attempt, { code: ada.code() })
  const session = cookies.at(-1)?.split(';')[0] ?? ''
  assert.match(session, /^session=dws_/)
  const account = await visit('GET', '/account', session)
  assert.equal(account.statusCode, 200)
  await visit('GET', '/sign-out', session)
  for (const page of pages) assert.doesNotMatch(page, /dw[astl]_[A-Za-z0-9_-]{20}/)
  for (const cookie of cookies) assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax/)
})

test('on https the cookies bear the prefix that binds them to this host', async (t) => {
  const server = await start(t, { settings: { public_url: 'https://id.example.org' } })
  const admin = await firstAdmin(server)
  const reply = await postForm(
    server,
    '/sign-in',
    { username: admin.username, password: admin.password },
    { origin: 'https://id.example.org' },
  )
  assert.match(String(reply.raw.headers['set-cookie']), /^__Host-attempt=dwt_[^;]+;.*Secure/)
})
