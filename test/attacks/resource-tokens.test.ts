// Threat: a token of one API that another one, or this server, takes (RFC 8707 §3, RFC 9068 §5, RFC 9700 §2.3 and §4.9); a resource that changes
// between two requests; and a program that tries out which resources exist.
import assert from 'node:assert/strict'

import { updateClient } from '#domain/clients/client.service.ts'
import type { ClientFields } from '#domain/clients/client.ts'
import { deleteResource, updateResource } from '#domain/clients/resource.service.ts'
import type { Resource } from '#domain/clients/resource.ts'
import { rotateSigningKeys } from '#domain/signing-keys/rotation.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { authorizationOf, follow, registerApp, type TestApp } from '../support/openid/apps.ts'
import {
  type AttackScene,
  attackScene,
  changeApp,
  codeFor,
  exchangeAs,
  openAt,
  type Parameters,
  postAs,
  refreshAs,
} from '../support/openid/attack-scene.ts'
import { registerApi, RESOURCE_URI, type TestApi, verify } from '../support/openid/resources.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const MAIL_URI = 'https://mail.example/'
const FOR_ORDERS = { resource: RESOURCE_URI, scope: 'openid read' }

interface ApiScene extends AttackScene {
  readonly orders: TestApi
  readonly mail: TestApi
}

async function apiScene(...given: globalThis.Parameters<typeof attackScene>): Promise<ApiScene> {
  const scene = await attackScene(...given)
  const orders = await registerApi(scene.server)
  return { ...scene, orders, mail: await registerApi(scene.server, { uri: MAIL_URI, name: 'Mail' }) }
}

async function tokensFor(
  { server, visitor, app }: Pick<ApiScene, 'server' | 'visitor' | 'app'>,
  asked: Parameters = FOR_ORDERS,
): Promise<Record<'access_token' | 'refresh_token' | 'id_token', string>> {
  const { status, body, raw } = await exchangeAs(server, app, await codeFor(visitor, app, asked))
  assert.equal(status, 200, raw.body)
  return body as Awaited<ReturnType<typeof tokensFor>>
}

function errorIn({ status, body }: Reply): readonly [number, unknown] {
  assert.equal(body['access_token'], undefined)
  return [status, body['error']]
}

async function introspects(server: Server, by: TestApp, token: string): Promise<unknown> {
  const { status, body } = await postAs(server, by, '/token/introspection', { token })
  return status === 200 ? body : [status, body['error']]
}

/** What an app gets at its redirect URI where it asks for this. */
async function answerTo({ visitor, app }: Pick<ApiScene, 'visitor' | 'app'>, asked: Parameters): Promise<unknown> {
  const { searchParams: answer } = await follow(visitor, (await authorizationOf(app, asked)).url)
  return answer.get('error') ?? (answer.has('code') ? 'code' : undefined)
}

test('a token for one API is worth nothing at another one, here, or to a stranger', async (t) => {
  const scene = await apiScene(t)
  const { server, app, orders, mail } = scene
  const reader = await registerApp(server, { name: 'Reader' })
  const { access_token: access, refresh_token: renewing } = await tokensFor(scene)
  for (const by of [mail.api, reader])
    assert.deepEqual(await introspects(server, by, access), { active: false }, by.client.name)
  // The API that takes the token learns nothing of what renews it, and can neither use nor revoke anything.
  assert.deepEqual(await introspects(server, orders.api, renewing), { active: false })
  assert.deepEqual(errorIn(await refreshAs(server, orders.api, renewing)), [400, 'invalid_grant'])
  for (const token of [access, renewing])
    assert.equal((await postAs(server, orders.api, '/token/revocation', { token })).status, 200)
  const known = (await introspects(server, orders.api, access)) as Readonly<Record<string, unknown>>
  assert.deepEqual([known['active'], known['aud']], [true, RESOURCE_URI])
  await assertOpensNothing(server, access)
  assert.equal((await refreshAs(server, app, renewing)).status, 200)
})

/** Neither the userinfo endpoint nor our own API takes it. */
async function assertOpensNothing(server: Server, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  for (const path of ['/oidc/me', '/users/me', '/users', '/session', '/apps'])
    assert.match(String((await ask(server, 'GET', path, { headers })).status), /^40[13]$/, path)
}

test('a JWT is worth nothing at this server, and an ID token nothing at an API', async (t) => {
  const scene = await attackScene(t)
  const { server, app, visitor } = scene
  const orders = await registerApi(server, { tokenFormat: 'jwt' })
  const { access_token: access, id_token: identity } = await tokensFor(scene)
  await verify(server, access)
  await assertOpensNothing(server, access)
  for (const by of [app, orders.api])
    for (const path of ['/token/introspection', '/token/revocation'])
      assert.deepEqual(
        errorIn(await postAs(server, by, path, { token: access })),
        [400, 'unsupported_token_type'],
        path,
      )
  await assert.rejects(verify(server, identity))
  await assert.rejects(verify(server, identity, app.client.id), { claim: 'typ' })
  // Nor is it a hint that signs its user out: the page asks.
  const hint = new URLSearchParams({ id_token_hint: access })
  const asked = await visitor.open(`/oidc/session/end?${hint}`)
  assert.equal(asked.statusCode, 200)
  assert.equal((await visitor.open('/account')).statusCode, 200)
})

onEitherDatabase('a user who may not use the app any more has no tokens for an API', async (t, dialect) => {
  const scene = await apiScene(t, { dialect })
  const { server, app, orders, mail } = scene
  await inTransaction(server.operator(), (tx) =>
    updateResource(tx, mail.resource, { ...mail.resource, tokenFormat: 'jwt' }),
  )
  const restrict = (of: TestApp, fields: Partial<ClientFields>) =>
    changeApp(server, of, (tx, client) => updateClient(tx, client, { ...client, ...fields }))
  const { access_token: access, refresh_token: renewing } = await tokensFor(scene)
  const toMail = { ...FOR_ORDERS, resource: MAIL_URI }
  const { access_token: jwt, refresh_token: renewingJwt } = await tokensFor(scene, toMail)
  const isActive = async (by: TestApp) =>
    ((await introspects(server, by, access)) as Readonly<Record<string, unknown>>)['active']
  for (const fields of [{ allowedRoles: ['user'] }, { leastAssurance: 'phishing-resistant' }] as const) {
    await restrict(app, fields)
    assert.deepEqual([await isActive(orders.api), await isActive(app)], [false, false], JSON.stringify(fields))
    for (const token of [renewing, renewingJwt])
      assert.deepEqual(errorIn(await refreshAs(server, app, token)), [400, 'invalid_grant'])
    await restrict(app, { allowedRoles: [], leastAssurance: null })
    assert.deepEqual([await isActive(orders.api), await isActive(app)], [true, true])
  }
  // Nothing ends a JWT before its time.
  assert.ok(await verify(server, jwt, MAIL_URI))
})

leaveToTestAll()

test('a request names exactly one resource that exists and admits the app', async (t) => {
  const scene = await apiScene(t)
  const { server, visitor, app } = scene
  await registerApi(server, { uri: 'https://closed.example/', name: 'Closed', allowedClients: [] })
  for (const resource of [
    'https://unknown.example/',
    'https://closed.example/',
    `${RESOURCE_URI}/`,
    `${RESOURCE_URI}?`,
    `${RESOURCE_URI}#a`,
    RESOURCE_URI.toUpperCase(),
    'https://api.example/x/../orders',
    ' ',
    'orders',
    '__proto__',
    `${RESOURCE_URI} ${MAIL_URI}`,
    `${RESOURCE_URI}\0`,
  ])
    assert.equal(await answerTo(scene, { ...FOR_ORDERS, resource }), 'invalid_target', resource)
  assert.equal(
    await answerTo(scene, { ...FOR_ORDERS, prompt: 'none', resource: 'https://x.example/' }),
    'invalid_target',
  )
  const { url } = await authorizationOf(app, FOR_ORDERS)
  url.searchParams.append('resource', MAIL_URI)
  assert.equal((await follow(visitor, url)).searchParams.get('error'), 'invalid_target')

  const described = async (resource: string) => {
    const answer = await follow(visitor, (await authorizationOf(app, { ...FOR_ORDERS, resource })).url)
    return answer.searchParams.get('error_description')
  }
  assert.equal(await described('https://closed.example/'), await described('https://unknown.example/'))
})

test('the resource of a code or a refresh token cannot be exchanged for another, or for several', async (t) => {
  const scene = await apiScene(t)
  const { server, visitor, app } = scene
  for (const resource of [MAIL_URI, `${RESOURCE_URI}/`, 'https://unknown.example/'])
    assert.deepEqual(
      errorIn(await exchangeAs(server, app, await codeFor(visitor, app, FOR_ORDERS), { resource })),
      [400, 'invalid_target'],
      resource,
    )
  const plain = await codeFor(visitor, app)
  assert.deepEqual(
    errorIn(await exchangeAs(server, app, plain, { resource: RESOURCE_URI })),
    [400, 'invalid_target'],
    'a resource that was not asked for',
  )
  const { access_token: access, refresh_token: renewing } = await tokensFor(scene)
  assert.ok(access)
  for (const resource of [
    MAIL_URI,
    'https://unknown.example/',
    [RESOURCE_URI, MAIL_URI],
    [RESOURCE_URI, RESOURCE_URI],
  ]) {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: renewing })
    for (const one of [resource].flat()) form.append('resource', one)
    assert.deepEqual(errorIn(await postForm(scene, form)), [400, 'invalid_target'], String(resource))
  }
  // None of it has consumed the token: the grace of a consumed one is over.
  scene.clock.pass(minutes(1))
  const { status, body } = await refreshAs(server, app, renewing, { resource: '' })
  assert.equal(status, 200)
  const known = (await introspects(server, scene.orders.api, String(body['access_token']))) as {
    readonly aud?: unknown
  }
  assert.equal(known.aud, RESOURCE_URI)
  const plainly = await tokensFor(scene, {})
  assert.deepEqual(errorIn(await refreshAs(server, app, plainly.refresh_token, { resource: RESOURCE_URI })), [
    400,
    'invalid_target',
  ])
})

function postForm({ server, app }: Pick<ApiScene, 'server' | 'app'>, form: URLSearchParams): Promise<Reply> {
  const authorization = `Basic ${Buffer.from(`${app.client.id}:${app.secret}`).toString('base64')}`
  const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization }
  return ask(server, 'POST', '/oidc/token', { payload: form.toString(), headers })
}

onEitherDatabase(
  'a resource that changes between code and exchange gives no more than it has then',
  async (t, dialect) => {
    const scene = await apiScene(t, { dialect })
    const { server, visitor, app, orders } = scene
    const ctx = server.operator()
    let row: Resource = orders.resource
    const change = async (to: Partial<Resource>) => {
      row = await inTransaction(ctx, (tx) => updateResource(tx, row, { ...row, ...to }))
    }
    const narrowed = await codeFor(visitor, app, { ...FOR_ORDERS, scope: 'openid read write' })
    await change({ scopes: ['read'] })
    const less = await exchangeAs(server, app, narrowed)
    assert.equal(less.body['scope'], 'read')

    const signed = await codeFor(visitor, app, FOR_ORDERS)
    await change({ tokenFormat: 'jwt' })
    const { body } = await exchangeAs(server, app, signed)
    await verify(server, String(body['access_token']))
    assert.equal(body['expires_in'], 300)
    await change({ tokenFormat: 'opaque' })

    const closed = await codeFor(visitor, app, FOR_ORDERS)
    await change({ allowedClients: [] })
    assert.deepEqual(errorIn(await exchangeAs(server, app, closed)), [400, 'invalid_grant'])
    await change({ allowedClients: 'all' })

    const late = await codeFor(visitor, app, FOR_ORDERS)
    await inTransaction(ctx, (tx) => deleteResource(tx, row))
    await registerApi(server, { name: 'Another API' })
    assert.deepEqual(errorIn(await exchangeAs(server, app, late)), [400, 'invalid_grant'])
  },
)

test('an authorization that waits for its user ends where the resource is gone', async (t) => {
  const scene = await apiScene(t)
  const { server, visitor } = scene
  const app = await registerApp(server, {
    name: 'Phone',
    kind: 'native',
    authMethod: 'none',
    redirectUris: ['http://127.0.0.1/callback'],
  })
  const { url } = await authorizationOf(app, FOR_ORDERS)
  const waiting = await openAt(visitor, url)
  const interaction = String(waiting.headers.location)
  await visitor.open(interaction)
  const agreed = await visitor.submit(`${interaction}/consent`, {})
  await inTransaction(server.operator(), (tx) => deleteResource(tx, scene.orders.resource))
  const resume = /url=([^"]+)"/.exec(agreed.body)?.[1] ?? ''
  assert.equal((await follow(visitor, resume)).searchParams.get('error'), 'invalid_target')
})

test('nobody signs in to an API', async (t) => {
  const { server, visitor, orders } = await apiScene(t)
  for (const redirect_uri of ['https://redirect-uris.invalid/', 'http://127.0.0.1/', 'https://api.example/orders']) {
    const { url } = await authorizationOf(orders.api, { redirect_uri })
    const answer = await openAt(visitor, url)
    assert.deepEqual([answer.statusCode, answer.headers.location], [400, undefined], redirect_uri)
  }
  const { status } = await postAs(server, orders.api, '/token', { grant_type: 'client_credentials' })
  assert.equal(status, 400)
})

test('an API whose app has lost its secret learns nothing', async (t) => {
  const scene = await apiScene(t)
  const { server, orders } = scene
  const { access_token: token } = await tokensFor(scene)
  await server.doorward.db
    .updateTable('client')
    .set({ auth_method: 'none' })
    .where('id', '=', orders.api.client.id)
    .execute()
  const open = { ...orders.api, client: { ...orders.api.client, authMethod: 'none' as const } }
  assert.deepEqual(await introspects(server, open, token), { active: false })
})

test('a JWT is not stored, and holds nothing about its user that the app did not ask for', async (t) => {
  const scene = await attackScene(t)
  const { server } = scene
  await registerApi(server, { tokenFormat: 'jwt' })
  const { access_token: access } = await tokensFor(scene)
  const { payload } = await verify(server, access)
  assert.deepEqual(
    ['roles', 'groups', 'email', 'preferred_username', 'name'].filter((name) => name in payload),
    [],
  )
  const dump = JSON.stringify(await dumpOf(server.doorward.db))
  for (const part of [access, access.split('.')[2] ?? '', String(payload.jti)])
    assert.ok(!dump.includes(part), `${part} is in the database`)
})

test('JWTs of before and after a rotation are verified by the keys that are published then', async (t) => {
  const scene = await attackScene(t)
  const { server, app, clock } = scene
  await registerApi(server, { tokenFormat: 'jwt' })
  const first = await tokensFor(scene)
  const kidOf = async (token: unknown) => (await verify(server, String(token))).protectedHeader.kid
  const before = await kidOf(first.access_token)
  await rotateSigningKeys(server.operator(), { now: false })
  const { body: second } = await refreshAs(server, app, first.refresh_token)
  assert.equal(await kidOf(second['access_token']), before, 'a key signs before it is known')
  clock.pass(hours(1))
  const { body: third } = await refreshAs(server, app, second['refresh_token'])
  assert.notEqual(await kidOf(third['access_token']), before)
  await rotateSigningKeys(server.operator(), { now: true })
  await assert.rejects(verify(server, String(third['access_token'])), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
})
