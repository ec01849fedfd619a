// RFC 9700 §4.6, §4.9, §4.10, §4.14: what a token of an app opens, who may ask what it is worth, and how long it stays so.
import assert from 'node:assert/strict'

import { updateClient } from '#domain/clients/client.service.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { registerApp } from '../support/openid/apps.ts'
import {
  type AttackScene,
  attackScene,
  basic,
  changeApp,
  codeFor,
  exchangeAs,
  isAlive,
  postAs,
  postRaw,
  refreshAs,
} from '../support/openid/attack-scene.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { ask } from '../support/people/people.ts'
import { callRoute, guardedRoutes } from '../support/requests/live-routes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

type Tokens = Readonly<Record<'access_token' | 'refresh_token' | 'id_token', string>>

async function tokensOf({ server, visitor, app }: AttackScene): Promise<Tokens> {
  const { status, body, raw } = await exchangeAs(server, app, await codeFor(visitor, app))
  assert.equal(status, 200, raw.body)
  return body as Tokens
}

function userinfo({ server }: Pick<AttackScene, 'server'>, token: string) {
  return ask(server, 'GET', '/oidc/me', { headers: { authorization: `Bearer ${token}` } })
}

test('no access token of an app opens a route of our own API or a page', async (t) => {
  const scene = await attackScene(t, { fields: { scopes: ['openid', 'profile', 'email', 'roles', 'groups'] } })
  const { access_token: token } = await tokensOf(scene)
  await assertOpensNothing(scene, token, (value) => ({ authorization: `Bearer ${value}` }))
  assert.equal((await userinfo(scene, token)).status, 200)
})

test('RFC 9700 §4.14: a refresh token is worth something to its own app only, in its grace too', async (t) => {
  const scene = await attackScene(t)
  const { server, app, clock } = scene
  const other = await registerApp(server, { name: 'Reader' })
  const open = await registerApp(server, { name: 'Page', kind: 'browser', authMethod: 'none' })
  const { refresh_token: first } = await tokensOf(scene)
  const { body: second } = await refreshAs(server, app, first)
  for (const thief of [other, open])
    for (const token of [first, second['refresh_token']]) {
      const { status, body } = await refreshAs(server, thief, token)
      assert.deepEqual([status, body['error']], [400, 'invalid_grant'])
      assert.equal((await postAs(server, thief, '/token/revocation', { token: String(token) })).status, 200)
    }
  // What the thieves tried has ended nothing, and the right app may repeat the refresh.
  clock.pass(seconds(29))
  const repeated = await refreshAs(server, app, first)
  assert.equal(repeated.body['refresh_token'], second['refresh_token'])
  assert.equal(
    (await refreshAs(server, app, second['refresh_token'], { scope: 'openid roles' })).body['error'],
    'invalid_scope',
  )
  assert.equal((await refreshAs(server, app, second['refresh_token'])).status, 200)
})

test('RFC 9700 §4.6: an app learns nothing of the tokens of another, and cannot end them', async (t) => {
  const scene = await attackScene(t)
  const { server, app } = scene
  const other = await registerApp(server, { name: 'Reader' })
  const open = await registerApp(server, { name: 'Page', kind: 'browser', authMethod: 'none' })
  const tokens = await tokensOf(scene)
  for (const token of [tokens.access_token, tokens.refresh_token])
    for (const hint of [undefined, 'access_token', 'refresh_token', 'x']) {
      const asked = await postAs(server, other, '/token/introspection', { token, token_type_hint: hint })
      assert.deepEqual([asked.status, asked.body], [200, { active: false }])
      assert.equal((await postAs(server, other, '/token/revocation', { token, token_type_hint: hint })).status, 200)
    }
  assert.equal(await isAlive(server, app, tokens.access_token), true)
  // A public app cannot show that it is the one, so it learns nothing of its own tokens either.
  const { body } = await exchangeAs(server, open, await codeFor(scene.visitor, open))
  const own = await postAs(server, open, '/token/introspection', { token: String(body['access_token']) })
  assert.notEqual(own.body['active'], true)
  const bare = await postRaw(server, '/token/introspection', { token: tokens.access_token, client_id: app.client.id })
  assert.equal(bare.status, 401)
})

leaveToTestAll()

const OTHERS: Readonly<Record<string, (scene: AttackScene, tokens: Tokens) => Promise<string>>> = {
  'a code': async ({ visitor, app }) => (await codeFor(visitor, app)).code,
  'a refresh token': async (_scene, tokens) => tokens.refresh_token,
  'an ID token': async (_scene, tokens) => tokens.id_token,
  'the secret': async ({ app }) => app.secret,
  'an expired access token': async ({ clock }, tokens) => (clock.pass(minutes(11)), tokens.access_token),
}
for (const [what, valueIn] of Object.entries(OTHERS))
  test(`${what} of an app opens no route of our own API either`, async (t) => {
    const scene = await attackScene(t)
    const value = await valueIn(scene, await tokensOf(scene))
    await assertOpensNothing(scene, value, (token) => ({ authorization: `Bearer ${token}` }))
  })

test('an access token of an app opens nothing as a cookie or as a password', async (t) => {
  const scene = await attackScene(t)
  const { access_token: token } = await tokensOf(scene)
  await assertOpensNothing(scene, token, (value) => ({ cookie: `session=${value}` }))
  await assertOpensNothing(scene, token, (value) => basic('root', value))
})

/** Each guarded route refuses the value as it refuses one that it has never seen. */
async function assertOpensNothing(
  scene: AttackScene,
  value: string,
  headersOf: (value: string) => Readonly<Record<string, string>>,
): Promise<void> {
  const { server } = scene
  const routes = await guardedRoutes(server)
  assert.ok(routes.length > 100, `${routes.length} routes`)
  for (const route of routes) {
    const about = `${route.method} ${route.url}`
    const { statusCode, headers } = await callRoute(server, route, { accept: 'application/json', ...headersOf(value) })
    if (statusCode === 303) assert.match(String(headers.location), /^\/sign-in/, about)
    else assert.equal(statusCode, 401, about)
  }
}

test('a value of one kind is none of another: code, access, refresh and ID token, session and API token', async (t) => {
  const scene = await attackScene(t)
  const { server, visitor, admin, app } = scene
  const tokens = await tokensOf(scene)
  const { token: session } = await admin.signsIn()
  const api = (await apiTokenOf(admin)).token
  const given = await codeFor(visitor, app)
  for (const value of [
    given.code,
    tokens.refresh_token,
    tokens.id_token,
    session ?? '',
    api,
    app.secret,
    'dwt_',
    '',
    'null',
  ]) {
    assert.equal((await userinfo(scene, value)).status, 401, value)
    const asked = await postAs(server, app, '/token/introspection', { token: value })
    if (value !== tokens.refresh_token) assert.notEqual(asked.body['active'], true, value)
    if (value === given.code) continue
    assert.notEqual((await exchangeAs(server, app, { ...given, code: value })).status, 200, value)
  }
  for (const value of [given.code, tokens.access_token, tokens.id_token, session, api])
    assert.equal((await refreshAs(server, app, value)).body['error'], 'invalid_grant')
  assert.equal((await exchangeAs(server, app, given)).status, 200)
})

test('an access token is taken from one place of a request, and never from its URL', async (t) => {
  const scene = await attackScene(t)
  const { server } = scene
  const { access_token: token } = await tokensOf(scene)
  assert.equal((await ask(server, 'GET', `/oidc/me?access_token=${token}`)).status, 401)
  assert.equal((await postRaw(server, '/me', { access_token: token })).status, 200)
  const twice = { headers: { authorization: `Bearer ${token}` } }
  assert.equal((await postRaw(server, '/me', { access_token: token }, twice)).status, 400)
  assert.equal((await postRaw(server, `/me?access_token=${token}`, {})).status, 400)
})

test('RFC 9470 §6.2: a token that was issued before a stronger authentication does not become stronger by it', async (t) => {
  const scene = await attackScene(t)
  const { server, app, clock } = scene
  const about = async (token: unknown): Promise<unknown[]> => {
    const { body } = await postAs(server, app, '/token/introspection', { token: String(token) })
    return [body['acr'], body['amr'], body['auth_time']]
  }
  const stolen = await tokensOf(scene)
  const { body: refreshed } = await refreshAs(server, app, stolen.refresh_token)
  const before = await about(stolen.access_token)
  assert.deepEqual(before.slice(0, 2), ['urn:doorward:two-factors', ['pwd', 'otp', 'mfa']])
  clock.pass(minutes(1))
  const stronger = { authentication_methods: 'passkey', authenticated_at: server.clock.now() }
  await server.doorward.db.updateTable('session').set(stronger).execute()
  const again = await tokensOf(scene)
  const now = Math.floor(server.clock.now() / 1000)
  assert.deepEqual(await about(again.access_token), ['urn:doorward:phishing-resistant', ['pop', 'user', 'mfa'], now])
  const { body: late } = await refreshAs(server, app, refreshed['refresh_token'])
  const old = [stolen.access_token, refreshed['access_token'], late['access_token'], late['refresh_token']]
  for (const token of old) assert.deepEqual(await about(token), before)
})

test('an app loses what its row no longer allows: scopes, and refresh tokens', async (t) => {
  const scene = await attackScene(t)
  const { server, app, admin } = scene
  const tokens = await tokensOf(scene)
  assert.equal((await userinfo(scene, tokens.access_token)).body['preferred_username'], admin.username)
  await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, scopes: ['openid'] }))
  const left = await userinfo(scene, tokens.access_token)
  assert.deepEqual(Object.keys(left.body), ['sub'])
  const { body } = await refreshAs(server, app, tokens.refresh_token)
  assert.deepEqual(Object.keys((await userinfo(scene, String(body['access_token']))).body), ['sub'])
  await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, refreshTokens: false }))
  assert.equal((await refreshAs(server, app, body['refresh_token'])).status, 400)
})

test('a page of another site reads no answer for an app: its origin is not among the redirect URIs (CORS)', async (t) => {
  const scene = await attackScene(t)
  const { server, app } = scene
  const { access_token: token } = await tokensOf(scene)
  const origins = [
    'https://evil.example',
    'null',
    'https://app.example.evil.example',
    'http://app.example',
    'https://app.example:444',
  ]
  for (const origin of [...origins, 'https://app.example']) {
    const allowed = origin === 'https://app.example' ? origin : undefined
    const headers = { origin, authorization: `Bearer ${token}` }
    const info = await ask(server, 'GET', '/oidc/me', { headers })
    const refused = await postAs(
      server,
      app,
      '/token',
      { grant_type: 'refresh_token', refresh_token: 'x' },
      { headers: { origin } },
    )
    for (const { raw } of [info, refused]) {
      assert.equal(raw.headers['access-control-allow-origin'], allowed, origin)
      assert.equal(raw.headers['access-control-allow-credentials'], undefined, origin)
    }
  }
})
