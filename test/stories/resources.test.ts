// Apps get access tokens for APIs (RFC 8707): an API introspects opaque ones, and verifies JWTs (RFC 9068) by the published keys.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { deleteResource, updateResource } from '#domain/clients/resource.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { registerApp, signInAt, type TestApp } from '../support/openid/apps.ts'
import { attackScene, type AttackScene, codeFor } from '../support/openid/attack-scene.ts'
import { introspect, registerApi, RESOURCE_URI, verify } from '../support/openid/resources.ts'
import { declares } from '../support/people/attributes.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const ISSUER = 'http://localhost:8000/oidc'
const RESOURCE = { resource: RESOURCE_URI }
const ASKED = { ...RESOURCE, scope: 'openid profile read' }

function refresh({ config }: TestApp, token: string | undefined, parameters: Record<string, string> = {}) {
  return oidc.refreshTokenGrant(config, token ?? '', parameters)
}

onEitherDatabase(
  'an app gets opaque tokens for an API, of which only the API and the app learn anything',
  async (t, dialect) => {
    const { server, visitor, app } = await attackScene(t, { dialect })
    const orders = await registerApi(server)
    const mails = await registerApi(server, { uri: 'https://mail.example/', name: 'Mail', scopes: ['read'] })
    const tokens = await signInAt(visitor, app, ASKED)
    assert.equal(tokens.scope, 'read')
    const claims = tokens.claims()
    assert.equal(
      claims?.['preferred_username'],
      'root',
      'its access token opens no userinfo, so the ID token has the claims',
    )
    const { iat, exp, ...known } = await introspect(orders, tokens.access_token)
    assert.deepEqual(known, {
      active: true,
      aud: RESOURCE_URI,
      client_id: app.client.id,
      sub: claims?.sub,
      sid: claims?.['sid'],
      iss: ISSUER,
      scope: 'read',
      token_type: 'Bearer',
      acr: 'urn:doorward:two-factors',
      amr: ['pwd', 'otp', 'mfa'],
      auth_time: claims?.auth_time,
    })
    assert.equal((exp ?? 0) - (iat ?? 0), 600)
    assert.deepEqual(await introspect(mails, tokens.access_token), { active: false })
    assert.equal((await oidc.tokenIntrospection(app.config, tokens.access_token)).active, true)
    await assert.rejects(oidc.fetchUserInfo(app.config, tokens.access_token, claims?.sub ?? ''))

    // A refresh stays with the API, and cannot leave it.
    const second = await refresh(app, tokens.refresh_token, RESOURCE)
    assert.equal((await introspect(orders, second.access_token)).aud, RESOURCE_URI)
    await assert.rejects(refresh(app, second.refresh_token, { resource: mails.resource.uri }), {
      error: 'invalid_target',
    })
    const third = await refresh(app, second.refresh_token)
    assert.equal((await introspect(orders, third.access_token)).active, true, 'a mistake costs the refresh token')

    // Without a resource everything is as it was.
    const own = await signInAt(visitor, app)
    const info = await oidc.fetchUserInfo(app.config, own.access_token, own.claims()?.sub ?? '')
    assert.equal(info.preferred_username, 'root')
    assert.deepEqual(await introspect(orders, own.access_token), { active: false })
    assert.equal((await introspect(orders, third.access_token)).active, true, 'one sign-in ends the other')
  },
)

onEitherDatabase('an app gets JWTs for an API, which verifies them by the published keys', async (t, dialect) => {
  const scene = await attackScene(t, { dialect, fields: { scopes: ['openid', 'profile', 'roles', 'groups'] } })
  const { server, visitor, app, clock } = scene
  await registerApi(server, { tokenFormat: 'jwt', servedBy: null })
  const tokens = await signInAt(visitor, app, { ...RESOURCE, scope: 'openid roles groups read other' })
  assert.equal(tokens.scope, 'roles groups read')
  assert.equal(tokens.expires_in, 300)
  const { payload, protectedHeader } = await verify(server, tokens.access_token)
  assert.deepEqual([protectedHeader.typ, protectedHeader.alg], ['at+jwt', 'ES256'])
  const { iat = 0, exp = 0, jti, ...said } = payload
  const claims = tokens.claims()
  assert.deepEqual(said, {
    iss: ISSUER,
    sub: claims?.sub,
    aud: RESOURCE_URI,
    client_id: app.client.id,
    scope: 'roles groups read',
    sid: claims?.['sid'],
    acr: 'urn:doorward:two-factors',
    auth_time: claims?.auth_time,
    roles: ['admin'],
    groups: [],
  })
  assert.equal(exp - iat, 300)
  assert.match(String(jti), /^[\da-f-]{36}$/)
  await assert.rejects(verify(server, tokens.access_token, 'https://mail.example/'), { claim: 'aud' })

  clock.pass(minutes(1))
  const narrower = await refresh(app, tokens.refresh_token, { ...RESOURCE, scope: 'openid read' })
  const again = (await verify(server, narrower.access_token)).payload
  assert.deepEqual([again['scope'], again['roles'], again.sub], ['read', undefined, said.sub])
  assert.notEqual(again.jti, jti)
  await assert.rejects(refresh(app, narrower.refresh_token, { scope: 'openid read write' }), { error: 'invalid_scope' })
  clock.pass(minutes(4))
  await assert.rejects(verify(server, tokens.access_token), { code: 'ERR_JWT_EXPIRED' })
  await verify(server, narrower.access_token)
})

leaveToTestAll()

/** Signs in without an ID token, as an OAuth client does that knows no OpenID Connect. */
async function signInWithout(visitor: AttackScene['visitor'], app: TestApp) {
  const given = await codeFor(visitor, app, { ...RESOURCE, scope: undefined, nonce: undefined })
  const url = new URL(
    `${given.redirectUri}?${new URLSearchParams({ code: given.code, state: given.state, iss: ISSUER })}`,
  )
  return oidc.authorizationCodeGrant(app.config, url, { pkceCodeVerifier: given.verifier, expectedState: given.state })
}

/** Signs in to an app for the API, and returns whether the access token and the refresh token are worth anything now. */
async function worthOf({ server, visitor, app }: AttackScene, wanted: Parameters<typeof registerApi>[1] = {}) {
  const orders = await registerApi(server, wanted)
  const tokens = await signInAt(visitor, app, ASKED)
  const isActive = async () => (await introspect(orders, tokens.access_token)).active
  return { ...orders, tokens, isActive }
}

onEitherDatabase(
  'a disabled user is refused at once with an opaque token, and a JWT lives out its minutes',
  async (t, dialect) => {
    const scene = await attackScene(t, { dialect })
    const { server, visitor, app, clock } = scene
    const { isActive } = await worthOf(scene)
    const uri = 'https://jwt.example/'
    await registerApi(server, { uri, name: 'Signed', tokenFormat: 'jwt', servedBy: null })
    const signed = await signInAt(visitor, app, { ...ASKED, resource: uri })
    assert.equal(await isActive(), true)
    await server.doorward.db.updateTable('users').set({ disabled: 1 }).execute()
    assert.equal(await isActive(), false)
    await verify(server, signed.access_token, uri)
    await assert.rejects(refresh(app, signed.refresh_token), { error: 'invalid_grant' })
    clock.pass(minutes(5))
    await assert.rejects(verify(server, signed.access_token, uri), { code: 'ERR_JWT_EXPIRED' })
  },
)

onEitherDatabase(
  'tokens end with the resource, with the app that serves it, and with the list of apps',
  async (t, dialect) => {
    const scene = await attackScene(t, { dialect })
    const { server, visitor, app } = scene
    const ctx = server.operator()
    const { resource, api, tokens, isActive } = await worthOf(scene)
    const closed = await inTransaction(ctx, (tx) => updateResource(tx, resource, { ...resource, allowedClients: [] }))
    assert.equal(await isActive(), false)
    await assert.rejects(refresh(app, tokens.refresh_token), { error: 'invalid_grant' })
    await assert.rejects(signInAt(visitor, app, ASKED), { error: 'invalid_target' })
    const open = await inTransaction(ctx, (tx) => updateResource(tx, closed, { ...closed, allowedClients: 'all' }))
    assert.equal(await isActive(), true)

    const less = await inTransaction(ctx, (tx) => updateResource(tx, open, { ...open, scopes: ['write'] }))
    assert.equal((await introspect({ resource, api }, tokens.access_token)).scope, undefined, 'a scope that is gone')
    const narrowed = await refresh(app, tokens.refresh_token)
    assert.equal(narrowed.scope, '')

    await inTransaction(ctx, (tx) => deleteResource(tx, less))
    assert.equal(await isActive(), false)
    await assert.rejects(refresh(app, narrowed.refresh_token), { error: 'invalid_grant' })
    await assert.rejects(signInAt(visitor, app, ASKED), { error: 'invalid_target' })
    const again = await registerApi(server, { name: 'New' })
    assert.equal((await introspect(again, tokens.access_token)).active, false, 'a token for the former resource')

    const fresh = await signInAt(visitor, app, ASKED)
    assert.equal((await introspect(again, fresh.access_token)).active, true)
    await disableApp(ctx, again.api.client.id)
    await assert.rejects(refresh(app, fresh.refresh_token), { error: 'invalid_grant' })
    await assert.rejects(signInAt(visitor, app, ASKED), { error: 'invalid_target' })
  },
)

test('an API learns role and groups as they are, by the scopes that the app asked for and may have', async (t) => {
  const scene = await attackScene(t, { fields: { scopes: ['openid', 'roles'] } })
  const { server, visitor, app } = scene
  const orders = await registerApi(server)
  const tokens = await signInAt(visitor, app, { ...RESOURCE, scope: 'openid roles read' })
  const known = await introspect(orders, tokens.access_token)
  assert.deepEqual([known.scope, known['roles'], known['groups']], ['roles read', ['admin'], undefined])
  await server.doorward.db.updateTable('client').set({ scopes: 'openid' }).where('id', '=', app.client.id).execute()
  const later = await introspect(orders, tokens.access_token)
  assert.deepEqual([later.scope, later['roles']], ['read', undefined])
  const plain = await registerApp(server, { name: 'Plain', scopes: ['openid'] })
  await assert.rejects(signInAt(visitor, plain, { ...RESOURCE, scope: 'openid roles' }), { error: 'invalid_scope' })
})

test('an app gets in the ID token what the userinfo endpoint would give it, since its access token does not open that', async (t) => {
  const attributes = [{ key: 'desk', claim: 'place', allowedBy: null }]
  const { server, admin, visitor, app } = await attackScene(t, { fields: { attributes } })
  await registerApi(server)
  await declares(await admin.signsIn(), [{ key: 'desk', label: 'Desk' }])
  const row = { subject: (await rowOf(admin)).subject, key: 'desk', value: 'B12', changed_at: 1 }
  await server.doorward.db.insertInto('user_attribute').values(row).execute()
  const claims = async (parameters: object) => (await signInAt(visitor, app, { ...parameters })).claims()
  assert.equal((await claims({}))?.['place'], undefined)
  assert.deepEqual([(await claims(ASKED))?.['place'], (await claims(ASKED))?.['name']], ['B12', undefined])
})

test('an authorization without scopes is for all scopes of its resource, and needs no ID token', async (t) => {
  const { server, visitor, app } = await attackScene(t)
  const orders = await registerApi(server)
  const asked = await signInWithout(visitor, app)
  assert.deepEqual([asked.scope, asked.id_token], ['read write', undefined])
  assert.equal((await introspect(orders, asked.access_token)).scope, 'read write')
})

test('a token lives as long as the row of its resource says, and a JWT not longer than the session', async (t) => {
  const { server, visitor, app, clock } = await attackScene(t, { settings: { session_absolute: '1h' } })
  const short = { uri: 'https://short.example/', name: 'Short', lifetime: 60 }
  await registerApi(server, short)
  await registerApi(server, { tokenFormat: 'jwt', servedBy: null })
  assert.equal((await signInAt(visitor, app, { ...ASKED, resource: short.uri })).expires_in, 60)
  const tokens = await signInAt(visitor, app, ASKED)
  assert.equal(tokens.expires_in, 300)
  clock.pass(minutes(59) + seconds(10))
  const last = await refresh(app, tokens.refresh_token)
  assert.equal(last.expires_in, 50)
})
