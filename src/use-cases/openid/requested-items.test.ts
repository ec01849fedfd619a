import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Client, NEW_CLIENT } from '#domain/clients/client.ts'
import { agreedItems, grantPayload, requestedItems } from './requested-items.ts'

const CLIENT: Client = {
  ...NEW_CLIENT,
  id: 'meals',
  scopes: ['openid', 'profile', 'email', 'roles'],
  createdAt: 0,
  createdBy: null,
  disabledAt: null,
  revision: 1,
}

test('a request asks for its scopes, for those of the claims that it names, and for what the app always does', () => {
  assert.deepEqual(requestedItems(CLIENT, { scope: 'openid' }), [])
  assert.deepEqual(requestedItems(CLIENT, { scope: 'openid email groups phone' }), ['scope:email'])
  const claims = { userinfo: { name: null, groups: null }, id_token: { email: { essential: true }, acr: null } }
  assert.deepEqual(requestedItems(CLIENT, { scope: 'openid roles', claims }), [
    'scope:email',
    'scope:profile',
    'scope:roles',
  ])
  assert.deepEqual(requestedItems(CLIENT, { claims: { id_token: null } }), [])
  // It needs not be requested: the library drops it without `prompt=consent`.
  const offline = { ...CLIENT, scopes: ['openid', 'offline_access'] } as const
  assert.deepEqual(requestedItems(offline, { scope: 'openid' }), ['scope:offline_access'])
})

test('a request that names a resource asks for that, and for those of its scopes that the resource has', () => {
  const resource = { id: 'orders', uri: 'https://api.example.org/', scopes: ['read', 'write'] }
  assert.deepEqual(requestedItems(CLIENT, { scope: 'read email other', resource }), [
    'resource:orders',
    'resource:orders#read',
    'scope:email',
  ])
  assert.deepEqual(requestedItems(CLIENT, { scope: 'email', resource }), ['resource:orders', 'scope:email'])
  // Without the resource such a scope means nothing.
  assert.deepEqual(requestedItems(CLIENT, { scope: 'read email' }), ['scope:email'])
})

test('a grant keeps what its user agreed to, also if that is nothing, but not where they were not asked', () => {
  const request = { scope: 'openid', claims: { userinfo: { email: null } } }
  const payload = (agreed: readonly string[] | undefined) => grantPayload(request, CLIENT, agreed)
  assert.deepEqual(agreedItems({ payload: payload(['scope:email']) }), ['scope:email'])
  assert.deepEqual(agreedItems({ payload: payload([]) }), [])
  assert.equal(agreedItems({ payload: payload(undefined) }), undefined)
  assert.deepEqual(JSON.parse(payload(undefined)), { openid: { scope: 'openid', claims: ['email'] } })
})

test('a grant for a resource keeps the scopes of that apart from those of this server', () => {
  const resource = { id: 'orders', uri: 'https://api.example.org/', scopes: ['read', 'write'] }
  const scope = 'openid email read roles groups other'
  assert.deepEqual(JSON.parse(grantPayload({ scope, resource }, CLIENT, undefined)), {
    openid: { scope: 'openid email roles groups', claims: [] },
    resources: { [resource.uri]: 'read roles' },
  })
})
