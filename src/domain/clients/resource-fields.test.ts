import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CLIENT_SCOPES } from './client.ts'
import {
  changedResourceFields,
  fieldErrorsInResource,
  fieldsOfResource,
  MOST_RESOURCE_CLIENTS,
  MOST_RESOURCE_SCOPES,
  normalizedResource,
  RESOURCE_SCOPE_MAXIMUM,
  RESOURCE_URI_MAXIMUM,
  resourceChangeDetails,
  whatNeedsApprovalOfResource,
} from './resource-fields.ts'
import { allowsClient, NEW_RESOURCE, type ResourceFields, type ServedResource, tokenLifetime } from './resource.ts'

const ORDERS: ResourceFields = {
  ...NEW_RESOURCE,
  uri: 'https://api.example.org/orders',
  name: 'Orders',
  servedBy: 'shop',
  scopes: ['read', 'write'],
  allowedClients: ['web'],
}

function errorsIn(fields: Partial<ResourceFields>): string[] {
  return fieldErrorsInResource({ ...ORDERS, ...fields }).map(({ pointer, code }) => `${pointer} ${code}`)
}

test('a resource is named by an absolute URI without a fragment, in one form', () => {
  for (const uri of [
    'https://api.example.org',
    'https://api.example.org/',
    'https://api.example.org:8443/v1/orders?tenant=a',
    'http://localhost:3000/api',
    'http://127.0.0.1:3000',
    'http://[::1]:3000/',
  ])
    assert.deepEqual(errorsIn({ uri }), [], uri)
  for (const [uri, code] of [
    ['', 'field.missing'],
    [`https://api.example.org/${'a'.repeat(RESOURCE_URI_MAXIMUM)}`, 'app.uri_too_long'],
    ['https://*.example.org/', 'app.uri_wildcard'],
    ['https://api.example.org/#orders', 'app.uri_fragment'],
    ['https://api.example.org/#', 'app.uri_fragment'],
    ['api.example.org', 'resource.uri_malformed'],
    ['/orders', 'resource.uri_malformed'],
    ['urn:example:orders', 'resource.uri_malformed'],
    ['https:api.example.org', 'resource.uri_malformed'],
    ['https:///orders', 'resource.uri_malformed'],
    ['https://api.example.org/a b', 'resource.uri_malformed'],
    ['https://api.example.org/ä', 'resource.uri_malformed'],
    ['https://user@api.example.org/', 'app.uri_user_info'],
    ['http://api.example.org/', 'resource.uri_http'],
    ['http://localhost.example.org/', 'resource.uri_http'],
    ['ftp://api.example.org/', 'resource.uri_http'],
    ['https://API.example.org/', 'resource.uri_form'],
    ['HTTPS://api.example.org/', 'resource.uri_form'],
    ['https://api.example.org:443/', 'resource.uri_form'],
    ['https://api.example.org/a/../b', 'resource.uri_form'],
  ] as const)
    assert.deepEqual(errorsIn({ uri }), [`/uri ${code}`], uri)
})

test('a resource has a name that can be told from others', () => {
  assert.deepEqual(errorsIn({ name: '\u200D' }), ['/name field.missing'])
  assert.deepEqual(errorsIn({ name: 'a'.repeat(65) }), ['/name field.too_long'])
  assert.deepEqual(errorsIn({ name: 'a\u202Eb' }), ['/name app.name_characters'])
})

test('opaque tokens need an app that introspects them, and JWTs do not', () => {
  assert.deepEqual(errorsIn({ servedBy: null }), ['/served_by resource.app_missing'])
  assert.deepEqual(errorsIn({ servedBy: null, tokenFormat: 'jwt' }), [])
})

test('a JWT lives for five minutes at most, and an opaque token for an hour', () => {
  for (const [tokenFormat, lifetime, isPossible] of [
    ['jwt', 300, true],
    ['jwt', 301, false],
    ['jwt', 60, true],
    ['jwt', 59, false],
    ['opaque', 3600, true],
    ['opaque', 3601, false],
    ['opaque', 0, false],
    ['opaque', 60.5, false],
    ['opaque', null, true],
  ] as const)
    assert.deepEqual(
      errorsIn({ tokenFormat, lifetime }),
      isPossible ? [] : ['/lifetime resource.lifetime'],
      `${tokenFormat} ${lifetime}`,
    )
  assert.equal(tokenLifetime({ tokenFormat: 'jwt', lifetime: null }, 600), 300)
  assert.equal(tokenLifetime({ tokenFormat: 'jwt', lifetime: null }, 120), 120)
  assert.equal(tokenLifetime({ tokenFormat: 'opaque', lifetime: null }, 600), 600)
  assert.equal(tokenLifetime({ tokenFormat: 'opaque', lifetime: 3600 }, 600), 3600)
})

test('scopes are tokens of RFC 6749, and none that means something here', () => {
  const scopes = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)
  assert.deepEqual(errorsIn({ scopes: [] }), [])
  assert.deepEqual(errorsIn({ scopes: ['orders:read', 'https://api.example.org/write', '!#[]~'] }), [])
  assert.deepEqual(errorsIn({ scopes: scopes(MOST_RESOURCE_SCOPES) }), [])
  assert.deepEqual(errorsIn({ scopes: scopes(MOST_RESOURCE_SCOPES + 1) }), ['/scopes field.too_many'])
  assert.deepEqual(errorsIn({ scopes: ['a'.repeat(RESOURCE_SCOPE_MAXIMUM)] }), [])
  for (const scope of ['', 'a b', 'a"b', 'a\\b', 'é', 'a\n', 'a'.repeat(RESOURCE_SCOPE_MAXIMUM + 1)])
    assert.deepEqual(errorsIn({ scopes: [scope] }), ['/scopes resource.scope_characters'], JSON.stringify(scope))
  for (const scope of [...CLIENT_SCOPES, 'address', 'phone'])
    assert.deepEqual(errorsIn({ scopes: ['read', scope] }), ['/scopes resource.scope_reserved'], scope)
})

test('the list of apps has an end', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index))
  assert.deepEqual(errorsIn({ allowedClients: 'all' }), [])
  assert.deepEqual(errorsIn({ allowedClients: ids(MOST_RESOURCE_CLIENTS) }), [])
  assert.deepEqual(errorsIn({ allowedClients: ids(MOST_RESOURCE_CLIENTS + 1) }), ['/allowed_clients field.too_many'])
})

test('an app gets tokens only if it is named, and only while the resource is served', () => {
  const served: ServedResource = {
    ...ORDERS,
    id: 'orders',
    createdAt: 0,
    createdBy: null,
    revision: 1,
    isServed: true,
  }
  assert.ok(allowsClient(served, 'web'))
  assert.ok(!allowsClient(served, 'shop'), 'the app that serves it')
  assert.ok(!allowsClient({ ...served, allowedClients: [] }, 'web'))
  assert.ok(allowsClient({ ...served, allowedClients: 'all' }, 'any'))
  assert.ok(!allowsClient({ ...served, allowedClients: 'all', isServed: false }, 'web'))
  assert.deepEqual(fieldsOfResource(served), ORDERS)
})

test('fields are stored in one form', () => {
  const typed = { ...ORDERS, uri: ` ${ORDERS.uri} `, name: ' Cafe\u0301 ', scopes: ['b', 'a', 'b'] }
  const { uri, name, scopes, allowedClients } = normalizedResource({ ...typed, allowedClients: ['y', 'x', 'y'] })
  assert.deepEqual([uri, name, scopes, allowedClients], [ORDERS.uri, 'Café', ['a', 'b'], ['x', 'y']])
  assert.equal(normalizedResource({ ...typed, allowedClients: 'all' }).allowedClients, 'all')
})

test('what gives more than before needs a second admin, and what gives less does not', () => {
  for (const [change, needed] of [
    [{}, []],
    [{ name: 'Other' }, []],
    [{ scopes: ['read'] }, []],
    [{ scopes: ['read', 'delete'] }, ['scopes']],
    [{ allowedClients: [] }, []],
    [{ allowedClients: ['web', 'cli'] }, ['allowedClients']],
    [{ allowedClients: 'all' }, ['allowedClients']],
    [{ servedBy: 'other' }, ['servedBy']],
    [{ tokenFormat: 'jwt' }, ['tokenFormat']],
    [{ lifetime: 120 }, ['lifetime']],
  ] as const satisfies readonly (readonly [Partial<ResourceFields>, readonly string[]])[])
    assert.deepEqual(whatNeedsApprovalOfResource(ORDERS, { ...ORDERS, ...change }), needed, JSON.stringify(change))
  const long = { ...ORDERS, lifetime: 600 }
  assert.deepEqual(whatNeedsApprovalOfResource(long, { ...long, lifetime: 60 }), [])
  assert.deepEqual(whatNeedsApprovalOfResource(long, { ...long, lifetime: 601 }), ['lifetime'])
  assert.deepEqual(whatNeedsApprovalOfResource({ ...ORDERS, allowedClients: 'all' }, ORDERS), [])
})

test('an event names the changed fields, with what they were', () => {
  const after = { ...ORDERS, scopes: ['read'], lifetime: 120, allowedClients: 'all' } as const
  assert.deepEqual(changedResourceFields(ORDERS, after), ['lifetime', 'scopes', 'allowedClients'])
  assert.deepEqual(resourceChangeDetails(ORDERS, after), {
    fields: 'lifetime scopes allowed_clients',
    lifetime: '120',
    lifetime_before: '',
    scopes: 'read',
    scopes_before: 'read write',
    allowed_clients: 'all',
    allowed_clients_before: 'web',
  })
})
