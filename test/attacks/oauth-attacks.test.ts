// RFC 9700 §4.4–§4.15: codes, PKCE, mix-up, tokens that were stolen, and apps that pose as users.
import assert from 'node:assert/strict'

import { fieldsOf } from '#domain/clients/client-fields.ts'
import { updateClient } from '#domain/clients/client.service.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { authorizationOf, follow, REDIRECT_URI, registerApp, type TestApp } from '../support/openid/apps.ts'
import {
  type Parameters,
  attackScene,
  changeApp,
  codeFor,
  exchangeAs,
  isAlive,
  openAt,
  postAs,
  refreshAs,
} from '../support/openid/attack-scene.ts'
import { DEVICE_GRANT } from '../support/openid/devices.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const ISSUER = 'http://localhost:8000/oidc'

test('RFC 9700 §4.5: a code is for the app, the browser and the redirect URI that asked for it', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const other = await registerApp(server, { name: 'Reader' })
  const [mine, victims] = [await codeFor(visitor, app), await codeFor(visitor, app)]
  const attempts: readonly (readonly [string, TestApp, Parameters])[] = [
    ['the verifier of another session', app, { code_verifier: mine.verifier }],
    ['no verifier', app, { code_verifier: undefined }],
    ['another app', other, {}],
    ['another redirect URI', app, { redirect_uri: `${REDIRECT_URI}2` }],
    ['no redirect URI', app, { redirect_uri: undefined }],
    ['a changed code', app, { code: `${victims.code.slice(0, -1)}${victims.code.endsWith('A') ? 'B' : 'A'}` }],
    ['a code of another kind', app, { code: victims.code.replace('dwk_', 'dwr_') }],
  ]
  for (const [about, as, changed] of attempts) {
    const { status, body } = await exchangeAs(server, as, victims, changed)
    assert.equal(status, 400, about)
    assert.match(String(body['error']), /^invalid_(?:grant|request)$/, about)
    assert.equal(body['access_token'], undefined, about)
  }
  // None of them has used it up: only its app can.
  const { status, body, raw } = await exchangeAs(server, app, victims)
  assert.equal(status, 200, raw.body)
  assert.equal(await isAlive(server, app, body['access_token']), true)
})

test('RFC 9700 §4.8: PKCE cannot be left out, weakened or added later', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const lax = await registerApp(server, { name: 'Old forge', requirePkce: false })
  const open = await registerApp(server, { name: 'Page', kind: 'browser', authMethod: 'none' })
  // The rules of apps refuse this row; a row that was written by hand is evaluated all the same.
  await server.doorward.db.updateTable('client').set({ require_pkce: 0 }).where('id', '=', open.client.id).execute()
  const none = { code_challenge: undefined, code_challenge_method: undefined }
  for (const [of, changed] of [
    [app, none],
    [open, none],
    [app, { code_challenge_method: 'plain' }],
    [lax, { code_challenge_method: 'plain' }],
    [lax, { code_challenge_method: undefined }],
    [lax, { code_challenge: undefined }],
    [lax, { code_challenge: 'short' }],
  ] as const) {
    const at = await follow(visitor, (await authorizationOf(of, changed)).url)
    assert.equal(at.searchParams.get('error'), 'invalid_request', JSON.stringify(changed))
    assert.equal(at.searchParams.get('code'), null)
  }
  const without = await codeFor(visitor, lax, none)
  assert.equal(
    (await exchangeAs(server, lax, without)).body['error'],
    'invalid_grant',
    'a verifier without a challenge',
  )
  const challenged = await codeFor(visitor, lax)
  const unproven = await exchangeAs(server, lax, challenged, { code_verifier: undefined })
  assert.equal(unproven.body['error'], 'invalid_grant', 'a challenge without a verifier')
  assert.equal((await exchangeAs(server, lax, without, { code_verifier: undefined })).status, 200)
})

leaveToTestAll()

test('RFC 9700 §4.4: every answer at an app names the issuer and returns `state`, errors too (mix-up)', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const stranger = new Visitor(server)
  const errors: Readonly<Record<string, Parameters>> = {
    unsupported_response_type: { response_type: 'token' },
    invalid_request: { max_age: '-1' },
    invalid_scope: { scope: 'openid roles' },
    login_required: { prompt: 'none' },
    unsupported_response_mode: { response_mode: 'form_post' },
    request_not_supported: { request: 'x.y.z' },
    request_uri_not_supported: { request_uri: 'https://app.example/request' },
    registration_not_supported: { registration: '{}' },
  }
  for (const [error, changed] of Object.entries(errors)) {
    const asked = await authorizationOf(app, changed)
    const { search, hash, href } = new URL(String((await openAt(stranger, asked.url)).headers.location), ISSUER)
    const answer = new URLSearchParams((search || hash).slice(1))
    assert.deepEqual([answer.get('error'), answer.get('iss'), answer.get('state')], [error, ISSUER, asked.state], href)
  }
  const state = `a&iss=https://evil.example&code=x #"'<>é`
  const at = await follow(visitor, (await authorizationOf(app, { state })).url)
  assert.equal(at.searchParams.get('state'), state)
  assert.deepEqual(at.searchParams.getAll('iss'), [ISSUER])
  const fragment = await follow(visitor, (await authorizationOf(app, { response_mode: 'fragment' })).url)
  assert.equal(new URLSearchParams(fragment.hash.slice(1)).get('iss'), ISSUER)
})

test('RFC 9700 §2.1.2: there is no flow but that of codes, and no answer that holds a token', async (t) => {
  const { visitor, app, server } = await attackScene(t)
  const types = ['token', 'id_token', 'code id_token', 'code token', 'id_token token', 'code id_token token', 'none']
  for (const type of types) {
    const { url } = await authorizationOf(app, { response_type: type })
    const at = await follow(visitor, url)
    const answer = new URLSearchParams((at.search || at.hash).slice(1))
    assert.equal(answer.get('error'), 'unsupported_response_type', type)
    assert.doesNotMatch(at.href, /(?:code|access_token|id_token)=/, type)
  }
  const { body } = await ask(server, 'GET', '/oidc/.well-known/openid-configuration')
  assert.deepEqual(body['response_types_supported'], ['code'])
  assert.deepEqual(body['grant_types_supported'], ['authorization_code', 'refresh_token', DEVICE_GRANT])
})

test('a code is worth nothing a minute after it was issued', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t)
  const [soon, late] = [await codeFor(visitor, app), await codeFor(visitor, app)]
  clock.pass(seconds(59))
  assert.equal((await exchangeAs(server, app, soon)).status, 200)
  clock.pass(seconds(1))
  assert.equal((await exchangeAs(server, app, late)).body['error'], 'invalid_grant')
})

test('RFC 9700 §4.15: an app gets nothing in its own name, and its id is no `sub`', async (t) => {
  const { server, app, visitor } = await attackScene(t)
  const grants = ['client_credentials', 'password', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code']
  grants.push(
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    '',
    'none',
  )
  for (const type of grants) {
    const fields = { grant_type: type, scope: 'openid', username: 'root', password: 'three calm words', assertion: 'x' }
    const { status, body } = await postAs(server, app, '/token', fields)
    assert.equal(status, 400, type)
    assert.match(String(body['error']), /^(?:unsupported_grant_type|invalid_request)$/, type)
  }
  const { body } = await exchangeAs(server, app, await codeFor(visitor, app))
  const info = await ask(server, 'GET', '/oidc/me', {
    headers: { authorization: `Bearer ${String(body['access_token'])}` },
  })
  assert.notEqual(info.body['sub'], app.client.id)
})

test('RFC 9700 §4.9: a token ends after its ten minutes, and with the revocation of any token of its family', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t)
  const first = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  clock.pass(minutes(10) - seconds(1))
  assert.equal(await isAlive(server, app, first['access_token']), true)
  clock.pass(seconds(1))
  assert.equal(await isAlive(server, app, first['access_token']), false)
  const { body: second } = await refreshAs(server, app, first['refresh_token'])
  assert.equal(await isAlive(server, app, second['access_token']), true)
  assert.equal((await postAs(server, app, '/token/revocation', { token: String(second['access_token']) })).status, 200)
  assert.equal(await isAlive(server, app, second['access_token']), false)
  assert.equal((await refreshAs(server, app, second['refresh_token'])).body['error'], 'invalid_grant')
})

test('what an app got for a session ends with it, also if the app may outlive sessions since then', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const first = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  await changeApp(server, app, (tx, client) =>
    updateClient(tx, client, { ...fieldsOf(client), scopes: [...client.scopes, 'offline_access'] }),
  )
  const second = (await refreshAs(server, app, first['refresh_token'])).body
  const later = (await exchangeAs(server, app, await codeFor(visitor, app))).body
  await server.doorward.db.updateTable('session').set({ revoked_at: server.clock.now() }).execute()
  const ended = await refreshAs(server, app, second['refresh_token'])
  assert.deepEqual([ended.status, ended.body['error']], [400, 'invalid_grant'])
  const { status, body } = await refreshAs(server, app, later['refresh_token'])
  assert.equal(status, 200)
  assert.equal((await refreshAs(server, app, body['refresh_token'])).status, 200)
})
