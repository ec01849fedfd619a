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

test('a grant keeps what its user agreed to, also if that is nothing, but not where they were not asked', () => {
  const request = { scope: 'openid', claims: { userinfo: { email: null } } }
  assert.deepEqual(agreedItems({ payload: grantPayload(request, ['scope:email']) }), ['scope:email'])
  assert.deepEqual(agreedItems({ payload: grantPayload(request, []) }), [])
  assert.equal(agreedItems({ payload: grantPayload(request, undefined) }), undefined)
  assert.deepEqual(JSON.parse(grantPayload(request, undefined)), { openid: { scope: 'openid', claims: ['email'] } })
})
