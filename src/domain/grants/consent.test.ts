import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { consentItems, coversItems, resourceConsentItems, withinConsent } from './consent.ts'

const CURIOUS: ClientFields = {
  ...NEW_CLIENT,
  scopes: ['openid', 'profile', 'email', 'roles', 'groups', 'offline_access'],
  sharedGroups: ['b', 'a'],
  unconfirmedEmail: true,
  attributes: [{ key: 'desk', claim: 'place', allowedBy: null }],
}

test('a consent is for the scopes that are requested and allowed, and for what the row of the app adds to them', () => {
  assert.deepEqual(consentItems(CURIOUS, ['openid']), [])
  assert.deepEqual(consentItems(CURIOUS, ['openid', 'email']), ['email:unconfirmed', 'scope:email'])
  assert.deepEqual(consentItems(CURIOUS, ['profile']), ['attribute:desk', 'scope:profile'])
  assert.deepEqual(consentItems(CURIOUS, ['groups', 'offline_access', 'phone']), [
    'group:a',
    'group:b',
    'scope:groups',
    'scope:offline_access',
  ])
  assert.deepEqual(consentItems({ ...CURIOUS, sharedGroups: 'all' }, ['groups']), ['groups:all', 'scope:groups'])
  assert.deepEqual(consentItems(NEW_CLIENT, ['profile', 'roles', 'groups']), ['scope:profile'])
})

test('a consent names a resource, and each of its scopes that is requested', () => {
  const orders = { id: 'orders', scopes: ['read', 'write', 'a#b'] }
  const named = 'resource:orders'
  assert.deepEqual(resourceConsentItems(orders, ['openid']), [named])
  assert.deepEqual(resourceConsentItems(orders, ['write', 'roles', 'a#b']), [named, `${named}#a#b`, `${named}#write`])
  const agreed = resourceConsentItems(orders, ['read'])
  assert.ok(!coversItems(agreed, resourceConsentItems(orders, ['read', 'write'])))
  assert.ok(!coversItems(agreed, resourceConsentItems({ ...orders, id: 'other' }, ['read'])))
})

test('more than a user agreed to is not covered, and less is', () => {
  const agreed = consentItems(CURIOUS, ['profile', 'groups'])
  assert.ok(coversItems(agreed, agreed))
  assert.ok(coversItems(agreed, []))
  assert.ok(coversItems(agreed, consentItems({ ...CURIOUS, attributes: [] }, ['profile'])))
  assert.ok(!coversItems(agreed, [...agreed, 'scope:email']))
  const widened = { ...CURIOUS, attributes: [{ key: 'salary', claim: 'desk', allowedBy: null }] }
  assert.ok(!coversItems(agreed, consentItems(widened, ['profile'])), 'another attribute under the same claim')
  assert.ok(!coversItems(agreed, consentItems({ ...CURIOUS, sharedGroups: 'all' }, ['groups'])))
  assert.ok(
    coversItems(consentItems({ ...CURIOUS, sharedGroups: 'all' }, ['groups']), consentItems(CURIOUS, ['groups'])),
  )
  assert.ok(!coversItems([], ['scope:email']))
})

test('a row that allows more than a user agreed to gives no more of them, and one that allows less gives less', () => {
  const agreed = consentItems(CURIOUS, ['profile', 'groups'])
  const widened: ClientFields = {
    ...CURIOUS,
    sharedGroups: 'all',
    attributes: [...CURIOUS.attributes, { key: 'salary', claim: 'pay', allowedBy: null }],
  }
  const { scopes, sharedGroups, unconfirmedEmail, attributes } = withinConsent(widened, agreed)
  assert.deepEqual(scopes, ['openid', 'profile', 'groups'])
  assert.deepEqual(sharedGroups, ['a', 'b'])
  assert.equal(unconfirmedEmail, false)
  assert.deepEqual(attributes, CURIOUS.attributes)
  assert.deepEqual(withinConsent({ ...CURIOUS, sharedGroups: ['b', 'c'] }, agreed).sharedGroups, ['b'])
  const toAll = consentItems({ ...CURIOUS, sharedGroups: 'all' }, ['groups', 'email'])
  assert.equal(withinConsent(widened, toAll).sharedGroups, 'all')
  assert.deepEqual(withinConsent(CURIOUS, toAll).sharedGroups, CURIOUS.sharedGroups)
  assert.equal(withinConsent(CURIOUS, toAll).unconfirmedEmail, true)
  assert.deepEqual(withinConsent(CURIOUS, []).scopes, ['openid'])
})
