// RFC 9126 §7 at pushed authorization requests: who can push, who can begin with one, how often and how long, and what of it can be changed.
import assert from 'node:assert/strict'

import { fieldsOf } from '#domain/clients/client-fields.ts'
import { setClientDisabled, updateClient } from '#domain/clients/client.service.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import {
  type Authorization,
  exchange,
  follow,
  pushedAuthorizationOf,
  REDIRECT_URI,
  registerApp,
} from '../support/openid/apps.ts'
import {
  type AttackScene,
  attackScene,
  basic,
  changeApp,
  exchangeAs,
  openAt,
  type Parameters,
  postAs,
  postRaw,
} from '../support/openid/attack-scene.ts'
import { presses } from '../support/openid/consents.ts'
import { signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const FIELDS: Parameters = {
  response_type: 'code',
  redirect_uri: REDIRECT_URI,
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
  state: 'pushed',
}

function push({ server, app }: AttackScene, changed: Parameters = {}, of = app) {
  return postAs(server, of, '/request', { ...FIELDS, client_id: of.client.id, ...changed })
}

/** Opens what an app has pushed; returns the query of the answer, at the app or on a page. */
async function open(visitor: Visitor, id: string, uri: unknown, more: Parameters = {}): Promise<URLSearchParams> {
  const query = new URLSearchParams({ client_id: id, request_uri: String(uri), ...(more as Record<string, string>) })
  const at = await follow(visitor, `/oidc/auth?${query}`)
  return at.searchParams
}

test('RFC 9126 §7.3: a pushed request gives one code, within its minute, to its own app', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app, clock } = scene
  const other = await registerApp(server, { name: 'Reader' })
  const { status, body, raw } = await push(scene)
  assert.deepEqual([status, body['expires_in']], [201, 60])
  assert.equal(raw.headers['cache-control'], 'no-store')
  assert.equal((await open(visitor, other.client.id, body['request_uri'])).get('code'), null, 'another app')
  assert.equal((await open(visitor, app.client.id, `${String(body['request_uri'])}x`)).get('code'), null, 'a guess')
  const answer = await open(visitor, app.client.id, body['request_uri'])
  assert.match(String(answer.get('code')), /^dwk_/)
  assert.equal(answer.get('state'), 'pushed')
  assert.equal((await open(visitor, app.client.id, body['request_uri'])).get('code'), null, 'a second time')
  const [soon, late] = [await push(scene), await push(scene)]
  clock.pass(seconds(59))
  assert.ok((await open(visitor, app.client.id, soon.body['request_uri'])).get('code'))
  clock.pass(seconds(1))
  assert.equal((await open(visitor, app.client.id, late.body['request_uri'])).get('code'), null, 'after a minute')
})

test('of two browsers that began with one pushed request, one has a code, however late the other comes', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app, admin, clock } = scene
  const asked = await pushedAuthorizationOf(app)
  const begun = new Visitor(server)
  const { headers } = await openAt(begun, asked.url)
  assert.ok((await follow(visitor, asked.url)).searchParams.get('code'))
  clock.pass(minutes(59))
  await signsIn(begun, admin)
  clock.pass(0)
  const late = await follow(begun, String(headers.location))
  assert.deepEqual([late.searchParams.get('code'), late.searchParams.get('error')], [null, 'invalid_request_uri'])
})

leaveToTestAll()

test('a pushed request that outlasts its minute is finished for who is there then, also after another sign-in', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app, admin, clock } = scene
  const ada = await newcomer(await admin.signsIn(), 'ada')
  clock.pass(minutes(30))
  const asked = await pushedAuthorizationOf(app, { prompt: 'login' })
  const interaction = String((await openAt(visitor, asked.url)).headers.location)
  assert.match(String((await visitor.open(interaction)).headers.location), /^\/confirm\?since=/)
  clock.pass(minutes(5))
  await visitor.submit('/sign-out', {})
  await signsIn(visitor, ada)
  clock.pass(0)
  const tokens = await exchange(app, await follow(visitor, interaction), asked)
  const { subject } = await server.doorward.db
    .selectFrom('users')
    .select('subject')
    .where('username', '=', 'ada')
    .executeTakeFirstOrThrow()
  assert.equal(tokens.claims()?.sub, subject)
  // Who comes back to the URL finds a page of ours, and the app can begin anew.
  assert.match((await visitor.page(asked.url.pathname + asked.url.search, 400)).heading, /took too long/)
  assert.ok((await follow(visitor, (await pushedAuthorizationOf(app)).url)).searchParams.get('code'))
})

test('a pushed request for which its user has to agree first gives one code, and none where they cancel', async (t) => {
  const fields = { trusted: false, scopes: ['openid', 'profile', 'email', 'roles'] } as const
  const { app, visitor, clock, admin } = await attackScene(t, { fields })
  const ada = await signedInBrowser(await newcomer(await admin.signsIn(), 'ada'))
  const agreed = await pushedAuthorizationOf(app)
  assert.equal(agreed.url.searchParams.has('scope'), false, 'what it asks for is in the URL')
  const question = async (browser: Visitor, { url }: Authorization) => {
    const { pathname } = await follow(browser, url)
    return { pathname, text: (await browser.page(pathname)).main.text }
  }
  // Two browsers began with one request, and its minute is over when their users have read the page.
  const [first, second] = [await question(visitor, agreed), await question(ada, agreed)]
  assert.match(first.text, /What Wiki gets .*Profile.*Email/)
  clock.pass(minutes(2))
  assert.ok((await exchange(app, await presses(visitor, first.pathname, 'Allow'), agreed)).access_token)
  const late = await presses(ada, second.pathname, 'Allow')
  assert.deepEqual([late.searchParams.get('code'), late.searchParams.get('error')], [null, 'invalid_request_uri'])
  const more = await question(visitor, await pushedAuthorizationOf(app, { scope: 'openid roles' }))
  const refused = await presses(visitor, more.pathname, 'Cancel')
  assert.deepEqual([refused.searchParams.get('code'), refused.searchParams.get('error')], [null, 'access_denied'])
})

test('RFC 9126 §2: an app that cannot authenticate pushes nothing, and what it pushes is judged at once', async (t) => {
  const scene = await attackScene(t)
  const { server, app } = scene
  const open = await registerApp(server, { name: 'Page', kind: 'browser', authMethod: 'none' })
  const asOther = { ...FIELDS, client_id: open.client.id }
  for (const [about, { status, body }] of [
    ['no secret', await postRaw(server, '/request', { ...FIELDS, client_id: app.client.id })],
    ['a wrong secret', await postRaw(server, '/request', FIELDS, { headers: basic(app.client.id, 'dwc_wrong') })],
    ['an unknown app', await postRaw(server, '/request', FIELDS, { headers: basic('none', 'dwc_wrong') })],
    [
      'another id in the form',
      await postRaw(server, '/request', asOther, { headers: basic(app.client.id, app.secret) }),
    ],
  ] as const) {
    assert.ok(status === 401 || status === 400, `${about}: ${status}`)
    assert.equal(body['request_uri'], undefined, about)
  }
  const refused: readonly (readonly [error: string, changed: Parameters])[] = [
    ['invalid_request', { redirect_uri: 'https://evil.example/callback' }],
    ['invalid_request', { redirect_uri: undefined }],
    ['invalid_request', { client_id: undefined }],
    ['invalid_request', { code_challenge: undefined, code_challenge_method: undefined }],
    ['invalid_request', { code_challenge_method: 'plain' }],
    ['invalid_request', { response_mode: 'form_post' }],
    ['invalid_request', { prompt: 'x' }],
    ['invalid_request', { max_age: '-1' }],
    ['invalid_scope', { scope: 'openid roles' }],
    ['unsupported_response_type', { response_type: 'token' }],
    ['request_uri_not_supported', { request_uri: 'urn:ietf:params:oauth:request_uri:dwq_x' }],
    ['request_not_supported', { request: 'eyJhbGciOiJub25lIn0.e30.' }],
  ]
  for (const pushing of [app, open])
    for (const [error, changed] of refused) {
      const { status, body, raw } = await push(scene, changed, pushing)
      assert.deepEqual([status, body['error']], [400, error], `${JSON.stringify(changed)}: ${raw.body}`)
    }
  assert.equal((await push(scene, {}, open)).status, 201)
  const rows = await server.doorward.db.selectFrom('client_token').select('id').where('kind', '=', 'request').execute()
  assert.equal(rows.length, 1, 'what was refused is stored')
})

test('RFC 9126 §7: nothing of a pushed request can be changed in the URL, nor added to it', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app } = scene
  const asked = await pushedAuthorizationOf(app, { scope: 'openid' })
  for (const [name, value] of Object.entries({
    redirect_uri: 'https://evil.example/callback',
    scope: 'openid profile email',
    state: 'another',
    nonce: 'another',
    code_challenge: 'x'.repeat(43),
    max_age: '0',
    response_mode: 'form_post',
  }))
    asked.url.searchParams.set(name, value)
  const answer = await follow(visitor, asked.url)
  assert.ok(answer.href.startsWith(`${REDIRECT_URI}?`), answer.href)
  const tokens = await exchange(app, answer, asked)
  assert.equal(tokens.scope, 'openid')
  const given = { ...(await pushedAuthorizationOf(app)), redirectUri: REDIRECT_URI }
  const code = (await follow(visitor, given.url)).searchParams.get('code') ?? ''
  const { body } = await exchangeAs(server, app, { ...given, code, verifier: 'y'.repeat(43) })
  assert.equal(body['error'], 'invalid_grant', 'another verifier')
})

test('RFC 9126 §7.4: a pushed request goes nowhere once its app is disabled, may ask for less or has lost the redirect URI', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app } = scene
  const ada = await signedInBrowser(await newcomer(await scene.admin.signsIn(), 'ada'))
  const outcome = async (change: Partial<typeof app.client>): Promise<URL> => {
    const asked = await pushedAuthorizationOf(app, { scope: 'openid email' })
    await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...fieldsOf(client), ...change }))
    return follow(visitor, asked.url)
  }
  assert.equal((await outcome({ scopes: ['openid'] })).searchParams.get('error'), 'invalid_scope')
  await changeApp(server, app, (tx, client) => updateClient(tx, client, fieldsOf(app.client)))
  assert.equal((await outcome({ redirectUris: ['https://new.example/cb'] })).pathname, '/oidc/auth')
  await changeApp(server, app, (tx, client) => updateClient(tx, client, fieldsOf(app.client)))
  const asked = await pushedAuthorizationOf(app)
  await changeApp(server, app, (tx, client) => setClientDisabled(tx, client, true))
  assert.match((await ada.page(asked.url.pathname + asked.url.search, 400)).heading, /is disabled/)
})

test('who reads the database cannot begin with the request of an app', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, app } = scene
  const { body } = await push(scene)
  const stranger = new Visitor(server)
  await open(stranger, app.client.id, body['request_uri'])
  const rows = await server.doorward.db.selectFrom('client_token').select(['id', 'kind', 'payload']).execute()
  assert.deepEqual(rows.map(({ kind }) => kind).toSorted(), ['interaction', 'request'])
  const value = String(body['request_uri']).split(':').at(-1) ?? ''
  assert.ok(!JSON.stringify(rows).includes(value), 'the value is stored')
  const prefix = 'urn:ietf:params:oauth:request_uri:'
  for (const { id } of rows)
    for (const guess of [id, `dwq_${id}`, 'undefined', ''])
      assert.equal((await open(visitor, app.client.id, prefix + guess)).get('code'), null, guess)
  assert.ok((await open(visitor, app.client.id, body['request_uri'])).get('code'))
})

test('a flood of requests in the name of a public app fills no table, and stops no app with a secret', async (t) => {
  const scene = await attackScene(t)
  const page = await registerApp(scene.server, { name: 'Page', kind: 'browser', authMethod: 'none' })
  const statuses: number[] = []
  for (let turn = 0; turn < 602; turn++) statuses.push((await push(scene, {}, page)).status)
  assert.deepEqual([statuses.indexOf(429), statuses.lastIndexOf(201)], [600, 599])
  assert.equal((await push(scene)).status, 201)
})
