// Guessing the secret of an app, stopping an app or its neighbours by wrong ones, and bodies that the protocol's library must not read.
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'

import { minutes } from '#foundation/kernel/time.ts'
import { REDIRECT_URI, registerApp, type TestApp } from '../support/openid/apps.ts'
import { attackScene, basic, codeFor, exchangeAs, isAlive, postAs, postRaw } from '../support/openid/attack-scene.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const HERE = { remoteAddress: '203.0.113.9' }
const ELSEWHERE = { remoteAddress: '198.51.100.7' }
const FIELDS = { grant_type: 'authorization_code', code: 'dwk_x', redirect_uri: REDIRECT_URI }
const ENDPOINTS = ['/token', '/token/introspection', '/token/revocation', '/request', '/device/auth']
/** Wrong secrets until the pair of network and app is blocked. */
const ALLOWED = 10

function guess(
  server: Server,
  id: string,
  { path = '/token', ...from }: { path?: string; remoteAddress?: string } = HERE,
) {
  return postRaw(server, path, { ...FIELDS, token: 'dwt_x' }, { headers: basic(id, 'dwc_wrong'), ...from })
}

async function block(server: Server, app: TestApp): Promise<void> {
  for (let turn = 0; turn < ALLOWED; turn++) assert.equal((await guess(server, app.client.id)).status, 401)
}

function assertBlocked({ status, body, raw }: Reply, about = ''): void {
  assert.deepEqual([status, body['error']], [429, 'temporarily_unavailable'], about)
  assert.ok(Number(raw.headers['retry-after']) > 0, about)
}

test('wrong secrets of an app are stopped for its pair with the network: its own server and other apps go on', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const neighbour = await registerApp(server, { name: 'Reader' })
  const given = await codeFor(visitor, app)
  await block(server, app)
  for (const path of ENDPOINTS) assertBlocked(await guess(server, app.client.id, { ...HERE, path }), path)
  // From that network the right secret waits as well, or a guess that was right would show itself.
  assertBlocked(await postAs(server, app, '/token', FIELDS, HERE))
  assert.equal((await postAs(server, neighbour, '/token', FIELDS, HERE)).body['error'], 'invalid_grant')
  assert.equal((await guess(server, neighbour.client.id)).status, 401)
  const usual = { ...FIELDS, code: given.code, code_verifier: given.verifier }
  const { status, body } = await postAs(server, app, '/token', usual, ELSEWHERE)
  assert.equal(status, 200)
  assert.equal(await isAlive(server, app, body['access_token']), true)
  const events = await server.doorward.db.selectFrom('audit_event').select(['action', 'details']).execute()
  const [event, ...more] = events.filter(({ action }) => action === 'app.secret_refused')
  assert.deepEqual(more, [])
  assert.equal((JSON.parse(event?.details ?? '{}') as { client?: string }).client, app.client.id)
})

test('an unknown app is refused as a known one is, by the same statements', async (t) => {
  const heard: string[] = []
  const { server } = await visitorScene(t, { onStatement: (text) => heard.push(text) })
  const app = await registerApp(server)
  const costOf = async (id: string): Promise<unknown> => {
    heard.length = 0
    const { status, body, raw } = await guess(server, id)
    const { date: _, 'x-request-id': __, ...headers } = raw.headers
    return { status, body, headers, statements: [...heard] }
  }
  for (let turn = 1; turn <= ALLOWED + 2; turn++) {
    const [known, unknown] = [await costOf(app.client.id), await costOf('019e830e-8f30-7451-8a18-c71ea476afa8')]
    // The one that blocks a known app is an event besides, which names it.
    if (turn !== ALLOWED) assert.deepEqual(unknown, known, `guess ${turn}`)
  }
})

leaveToTestAll()

test('no spelling of the id or of the credentials opens a bucket of its own', async (t) => {
  const { server, app } = await attackScene(t)
  await block(server, app)
  const { id } = app.client
  const encoded = (text: string): string => Buffer.from(text).toString('base64')
  const spellings: readonly (readonly [string | Readonly<Record<string, string>>, string?])[] = [
    [FIELDS, `basic ${encoded(`${id}:x`)}`],
    [FIELDS, `Basic ${encoded(`${id}:x`).replaceAll('=', '')}`],
    [FIELDS, `Basic ${encoded(`${id.replaceAll('-', '%2D')}:x`)}`],
    [{ ...FIELDS, client_id: 'another' }, `Basic ${encoded(`${id}:x`)}`],
    [{ ...FIELDS, client_id: id, client_secret: 'x' }],
    [`%63lient_id=${id}&client_secret=x&grant_type=authorization_code&code=x&redirect_uri=x`],
    [`client_id=${id}&client_id=another&client_secret=x`],
  ]
  for (const [fields, authorization] of spellings) {
    const headers = authorization === undefined ? {} : { authorization }
    assertBlocked(
      await postRaw(server, '/token', fields, { headers, ...HERE }),
      JSON.stringify([fields, authorization]),
    )
  }
  // What the library reads otherwise is not compared with the secret at all.
  for (const [fields, authorization] of [
    [FIELDS, `Basic !${encoded(`${id}:x`)}`],
    [FIELDS, `Basic  ${encoded(`${id}:x`)}`],
    [`client_id=another&client_id=${id}&client_secret=${app.secret}`],
    [`client_id[]=${id}&client_secret=${app.secret}`],
  ] as const) {
    const headers = authorization === undefined ? {} : { authorization }
    assert.equal((await postRaw(server, '/token', fields, { headers, ...HERE })).status, 400)
  }
})

test('a program that goes on with a wrong secret is never locked out for good', async (t) => {
  const { server, app, clock } = await attackScene(t)
  for (let turn = 0; turn < 105; turn++) {
    clock.pass(minutes(61))
    assert.equal((await guess(server, app.client.id)).status, 401, `guess ${turn}`)
  }
  clock.pass(minutes(61))
  assert.equal((await postAs(server, app, '/token', FIELDS, HERE)).body['error'], 'invalid_grant')
})

test('the wait ends by itself, and an app of another network was never stopped', async (t) => {
  const { server, app, clock } = await attackScene(t)
  await block(server, app)
  assert.equal((await postAs(server, app, '/token', FIELDS, ELSEWHERE)).status, 400)
  clock.pass(minutes(1))
  assert.equal((await postAs(server, app, '/token', FIELDS, HERE)).body['error'], 'invalid_grant')
})

test('random ids of apps that do not exist cannot fill the table of buckets', async (t) => {
  const { server } = await attackScene(t)
  const rows = async (): Promise<number> =>
    (await server.doorward.db.selectFrom('throttle_bucket').select('key').execute()).length
  const before = await rows()
  for (const id of ['x'.repeat(65), 'ä', 'a b', '\u0001', "' or 1=1", '{"a":1}', ''])
    for (const more of ['1', '2']) await guess(server, id + more.repeat(id.length > 60 ? 1 : 0))
  assert.ok((await rows()) - before <= 1, 'each made a row')
})

test('a secret is worth nothing for another app, for a public one, or left out', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const posting = await registerApp(server, { name: 'Reader', authMethod: 'client_secret_post' })
  const open = await registerApp(server, { name: 'Page', kind: 'browser', authMethod: 'none' })
  const given = await codeFor(visitor, app)
  const inBody = { ...FIELDS, code: given.code, code_verifier: given.verifier, client_id: app.client.id }
  for (const [fields, headers] of [
    [inBody, {}],
    [{ ...FIELDS }, basic(open.client.id, '')],
    [{ ...FIELDS, client_id: open.client.id, client_secret: app.secret }, {}],
    [{ ...FIELDS }, basic(app.client.id, posting.secret)],
    [{ ...FIELDS }, basic(app.client.id, '')],
    [{ ...FIELDS }, basic(app.client.id, 'stored as a hash')],
  ] as const) {
    const { status, body } = await postRaw(server, '/token', fields, { headers })
    assert.ok(
      status === 401 || (status === 400 && body['error'] === 'invalid_request'),
      `${status} ${JSON.stringify(body)}`,
    )
    assert.equal(body['access_token'], undefined)
  }
  assert.equal((await exchangeAs(server, app, given)).status, 200)
})

test('a body that is too large, with or without its length, is refused before the library reads it', async (t) => {
  const heard: string[] = []
  const { server } = await visitorScene(t, { onStatement: (text) => heard.push(text) })
  const app = await registerApp(server)
  const large = `token=${'x'.repeat(20_000)}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', ...basic(app.client.id, app.secret) }
  for (const path of [...ENDPOINTS, '/me', '/auth', '/session/end']) {
    for (const payload of [large, () => Readable.from([large.slice(0, 9000), large.slice(9000)])]) {
      heard.length = 0
      const body = typeof payload === 'string' ? payload : payload()
      const { status } = await ask(server, 'POST', `/oidc${path}`, { payload: body as string, headers })
      assert.equal(status, 413, path)
      assert.ok(!heard.some((text) => text.includes('client_secret')), `${path}: the app was looked up`)
    }
  }
  for (const type of [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=x',
  ]) {
    const reply = await ask(server, 'POST', '/oidc/token', { payload: '{"a":1}', headers: { 'content-type': type } })
    assert.equal(reply.status, 400, type)
  }
})
