// Requests to the provider that no library writes: foreign Host headers, parameters that are sent twice, strange values; and what the server keeps
// of a request in cookies and in its log.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { authorizationOf, registerApp, type TestApp } from '../support/openid/apps.ts'
import {
  attackScene,
  codeFor,
  exchangeAs,
  openAt,
  type Parameters,
  postAs,
  postRaw,
} from '../support/openid/attack-scene.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const ISSUER = 'http://localhost:8000/oidc'

test('a parameter that is sent twice is refused, whichever it is (HTTP parameter pollution)', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const { url } = await authorizationOf(app, { max_age: '1000', prompt: 'consent', acr_values: 'phr', claims: '{}' })
  for (const [name, value] of url.searchParams) {
    const query = `${url.search}&${name}=${encodeURIComponent(value)}`
    const { headers } = await visitor.open(url.pathname + query)
    const at = headers.location === undefined ? undefined : new URL(headers.location, ISSUER)
    assert.doesNotMatch(at?.href ?? '', /code=|interaction/, name)
    if (at !== undefined) assert.equal(at.searchParams.get('error'), 'invalid_request', name)
    const form = await postRaw(server, '/auth', query.slice(1))
    assert.equal(form.status, 422, name)
  }
  const given = await codeFor(visitor, app)
  const fields = {
    grant_type: 'authorization_code',
    code: given.code,
    redirect_uri: given.redirectUri,
    code_verifier: given.verifier,
  }
  const body = new URLSearchParams(fields).toString()
  for (const [name, value] of Object.entries(fields)) {
    const twice = `${body}&${name}=${encodeURIComponent(value)}`
    const { status, body: answer } = await postRaw(server, '/token', twice, {
      headers: { authorization: basicOf(app) },
    })
    assert.deepEqual([status, answer['error']], [400, 'invalid_request'], name)
  }
  const mixed = await postRaw(server, '/token', `${body}&client_id=another`, {
    headers: { authorization: basicOf(app) },
  })
  assert.deepEqual([mixed.status, mixed.body['error']], [400, 'invalid_request'])
  const both = await postRaw(server, '/token', `${body}&client_secret=${app.secret}`, {
    headers: { authorization: basicOf(app) },
  })
  assert.equal(both.status, 400)
})

leaveToTestAll()

test('the Host header and forwarded ones decide nothing: issuer, endpoints and redirects are those of the configuration', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const foreign = {
    host: 'evil.example',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example;proto=https',
    'x-original-url': '/evil',
  }
  const documents = [
    '/oidc/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server/oidc',
    '/oidc/jwks',
  ]
  for (const path of documents) {
    const [ours, theirs] = [await ask(server, 'GET', path), await ask(server, 'GET', path, { headers: foreign })]
    assert.equal(theirs.raw.body, ours.raw.body, path)
  }
  const given = await codeFor(visitor, app)
  const usual = {
    grant_type: 'authorization_code',
    code: given.code,
    redirect_uri: given.redirectUri,
    code_verifier: given.verifier,
  }
  const { status, body, raw } = await postAs(server, app, '/token', usual, { headers: foreign })
  assert.equal(status, 200, raw.body)
  const [, claims = ''] = String(body['id_token']).split('.')
  assert.equal((JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iss: string }).iss, ISSUER)
  const { host: _, ...behind } = foreign
  const stranger = new Visitor(server)
  const led = await openAt(stranger, (await authorizationOf(app)).url, behind)
  assert.match(String(led.headers.location), /^\/oidc\/interaction\//)
  const elsewhere = await openAt(stranger, (await authorizationOf(app)).url, foreign)
  assert.doesNotMatch(String(elsewhere.headers.location ?? ''), /evil/)
})

test('a flood of authorizations that nobody finishes fills no table: one network begins 600 in a minute', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t)
  const { search } = (await authorizationOf(app)).url
  const begin = (remoteAddress: string) =>
    server.app.inject({
      url: `/oidc/auth${search}`,
      headers: { host: 'localhost:8000', accept: 'text/html' },
      remoteAddress,
    })
  const statuses: number[] = []
  for (let turn = 0; turn < 605; turn++) statuses.push((await begin('203.0.113.9')).statusCode)
  assert.deepEqual([statuses.indexOf(429), statuses.lastIndexOf(303)], [600, 599])
  const rows = await server.doorward.db
    .selectFrom('client_token')
    .select('id')
    .where('kind', '=', 'interaction')
    .execute()
  assert.equal(rows.length, 600)
  const refused = await begin('203.0.113.9')
  assert.ok(Number(refused.headers['retry-after']) > 0)
  assert.match(parsePage(refused).heading, /./)
  // Nobody else waits, nor who is signed in there.
  assert.equal((await begin('198.51.100.7')).statusCode, 303)
  assert.ok(await codeFor(visitor, app))
  clock.pass(minutes(1))
  assert.equal((await begin('203.0.113.9')).statusCode, 303)
})

test('strange values in a request are answered by an error of the protocol, never by a failure of the server', async (t) => {
  const { visitor, app } = await attackScene(t)
  const claims = [
    'null',
    '1',
    '[]',
    '{',
    '""',
    '{"id_token":1}',
    '{"id_token":null}',
    '{"id_token":{"acr":5}}',
    '{"userinfo":[]}',
  ]
  claims.push(
    '{"id_token":{"acr":{"values":5}}}',
    '{"id_token":{"acr":{"values":"phr"}}}',
    '{"id_token":{"acr":{"value":{}}}}',
  )
  claims.push('{"id_token":{"acr":{"values":[null,1,{}],"essential":true}}}', '{"id_token":{"sub":{"value":1}}}')
  claims.push(
    '{"id_token":{"__proto__":{"a":1}},"constructor":{}}',
    '{"userinfo":{"constructor":null,"__proto__":null}}',
  )
  const values: readonly Parameters[] = [
    ...claims.map((value) => ({ claims: value })),
    ...['-1', 'x', '1.5', '1e3', '9'.repeat(20), '9007199254740991', '0', ''].map((value) => ({ max_age: value })),
    ...['\0', '\ud800', 'openid\0', 'openid '.repeat(500), 'openid  email', '__proto__'].map((value) => ({
      scope: value,
    })),
    ...['none login', 'x', '__proto__', 'login '.repeat(100), 'create consent login'].map((value) => ({
      prompt: value,
    })),
    ...['x', '..', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.', '\0'].map((value) => ({ id_token_hint: value })),
    ...['\0', 'x'.repeat(4000), '\r\nSet-Cookie: a=b'].flatMap((value) => [
      { state: value },
      { nonce: value },
      { login_hint: value },
    ]),
    ...['', '\0', 'x'.repeat(300), '__proto__', "' or 1=1"].map((value) => ({ client_id: value })),
    ...['constructor', 'toString', '\0', 'query fragment'].map((value) => ({ response_mode: value })),
    { acr_values: 'phr '.repeat(300) },
    { ui_locales: 'x'.repeat(3000) },
  ]
  for (const changed of values) {
    const about = JSON.stringify(changed).slice(0, 200)
    let answer = await openAt(visitor, (await authorizationOf(app, changed)).url)
    assert.ok([200, 303, 400].includes(answer.statusCode), `${about}: ${answer.statusCode}`)
    assert.equal(answer.headers['set-cookie']?.toString().includes('a=b') ?? false, false, about)
    const next = String(answer.headers.location)
    if (!next.startsWith('/oidc/interaction/')) continue
    answer = await visitor.open(next)
    assert.ok([200, 303, 403].includes(answer.statusCode), `${about}, then: ${answer.statusCode}`)
  }
})

test('no code, token, secret or hint stands in the log of the server', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const given = await codeFor(visitor, app)
  const { body } = await exchangeAs(server, app, given)
  await exchangeAs(server, app, { ...given, code: 'dwk_wrong-code-of-somebody' })
  const values = ['access_token', 'refresh_token', 'id_token'].map((name) => String(body[name]))
  await ask(server, 'GET', `/oidc/me?access_token=${values[0]}`)
  await visitor.open(`/oidc/session/end?id_token_hint=${values[2]}`)
  await visitor.open(`/oidc/none?code=${given.code}`)
  await postRaw(server, '/token', { client_id: app.client.id, client_secret: app.secret, code: given.code })
  const log = server.logText()
  assert.match(log, /\/oidc\/token/, 'the requests are not in the log')
  for (const value of [...values, given.code, given.verifier, given.state, app.secret, 'dwk_wrong-code-of-somebody'])
    assert.ok(!log.includes(value), value)
})

test('the cookies of an authorization are for its own pages, and out of reach of scripts and of plain HTTP', async (t) => {
  const { server } = await visitorScene(t, { settings: { public_url: 'https://id.example' } })
  const app = await registerApp(server, { name: 'Reader' })
  const { raw } = await ask(server, 'GET', `/oidc/auth${(await authorizationOf(app)).url.search}`, {
    headers: { host: 'id.example' },
  })
  const cookies = [raw.headers['set-cookie'] ?? []].flat()
  assert.equal(cookies.length, 2)
  for (const cookie of cookies) {
    assert.match(
      cookie,
      /^__Secure-doorward-(?:interaction|resume)=[\w-]{43}; path=\/oidc\/(?:interaction|auth)\/[\w-]{43};/i,
    )
    assert.match(cookie, /; secure/i)
    assert.match(cookie, /; httponly/i)
    assert.match(cookie, /; samesite=lax/i)
    assert.doesNotMatch(cookie, /domain/i)
  }
})

function basicOf({ client, secret }: TestApp): string {
  return `Basic ${Buffer.from(`${client.id}:${secret}`).toString('base64')}`
}
