// Resources through the API: registered, listed, changed and deleted.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { type Reply, startWithAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { assertRefused, fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const URI = 'https://api.example.org/orders'

onEitherDatabase('an admin registers a resource, and changes it on the state that was read', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const { client } = await createApp(server.operator(), { name: 'Orders API', kind: 'api' })
  const made = await root.asks('POST', '/resources', {
    uri: URI,
    name: ' Orders ',
    served_by: client.id,
    scopes: ['b', 'a'],
  })
  assert.equal(made.status, 200, made.raw.body)
  const { id, created_at: _, ...said } = made.body
  assert.deepEqual(said, {
    uri: URI,
    name: 'Orders',
    served_by: client.id,
    token_format: 'opaque',
    lifetime: null,
    scopes: ['a', 'b'],
    allowed_clients: [],
    is_served: true,
    created_by: (await rowOf(root)).subject,
  })
  const path = `/resources/${String(id)}`
  const tag = String((await root.asks('GET', path)).raw.headers['etag'])
  const changes = { token_format: 'jwt', served_by: null, lifetime: 60, allowed_clients: 'all' }
  const changed = await root.asks('PATCH', path, changes, { 'if-match': tag })
  assert.deepEqual(
    [changed.status, changed.body['token_format'], changed.body['served_by'], changed.body['allowed_clients']],
    [200, 'jwt', null, 'all'],
  )
  assert.deepEqual(refusalIn(await root.asks('PATCH', path, { name: 'X' }, { 'if-match': tag })), [
    412,
    'resource.stale',
  ])
  assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', path, { uri: 'https://other.example/' })), [
    '/uri field.unknown',
  ])
  assertRefused(
    await root.asks('POST', '/resources', { uri: URI, name: 'Again', token_format: 'jwt' }),
    'resource.uri_taken',
  )
  assert.equal((await root.asks('DELETE', path, undefined, { 'if-match': tag })).status, 412)
  assert.equal((await root.asks('DELETE', path)).status, 204)
  for (const method of ['GET', 'DELETE'] as const) assertRefused(await root.asks(method, path), 'resource.not_found')
  const { items } = await listEvents(server.operator(), { limit: 20 })
  const events = items.filter(({ action }) => action.startsWith('resource.'))
  assert.deepEqual(
    events.map(({ action, details }) => [action, details?.['resource'], details?.['uri']]),
    ['deleted', 'changed', 'created'].map((what) => [`resource.${what}`, 'Orders', URI]),
  )
})

leaveToTestAll()

onEitherDatabase('resources are listed by URI, page by page', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  for (const host of ['b', 'c', 'a'])
    await root.asks('POST', '/resources', { uri: `https://${host}.example.org/`, name: 'API', token_format: 'jwt' })
  const urisIn = ({ body }: Reply) => (body['items'] as { readonly uri: string }[]).map(({ uri }) => uri)
  const first = await root.asks('GET', '/resources?limit=2')
  assert.deepEqual(urisIn(first), ['https://a.example.org/', 'https://b.example.org/'])
  const rest = await root.asks('GET', `/resources?cursor=${String(first.body['next_cursor'])}`)
  assert.deepEqual([urisIn(rest), rest.body['next_cursor']], [['https://c.example.org/'], null])
})

onEitherDatabase('what is wrong with a resource is said at its field, and nothing is stored', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const made = await createApp(server.operator(), { name: 'Phone', kind: 'native', redirectUris: ['a.b:/c'] })
  for (const [fields, error] of [
    [{ uri: 'http://api.example.org/' }, '/uri resource.uri_http'],
    [{ name: ' ' }, '/name field.missing'],
    [{ token_format: 'opaque' }, '/served_by resource.app_missing'],
    [{ served_by: 'none' }, '/served_by resource.app_unknown'],
    [{ served_by: made.client.id }, '/served_by resource.app_public'],
    [{ lifetime: 301 }, '/lifetime resource.lifetime'],
    [{ scopes: ['openid'] }, '/scopes resource.scope_reserved'],
    [{ scopes: ['a b'] }, '/scopes resource.scope_characters'],
    [{ allowed_clients: ['none'] }, '/allowed_clients resource.app_unknown'],
    [{ token_format: 'paseto' }, '/token_format field.choice'],
    [{ id: 'orders' }, '/id field.unknown'],
  ] as const) {
    const body = { uri: URI, name: 'Orders', token_format: 'jwt', ...fields }
    assert.deepEqual(fieldErrorsIn(await root.asks('POST', '/resources', body)), [error], JSON.stringify(fields))
  }
  assert.deepEqual((await root.asks('GET', '/resources')).body['items'], [])
})
