import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { type Context, inTransaction } from '#foundation/context.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { storeTestClient, storeTestResource } from '#test/support/people/resources.ts'
import { setClientDisabled } from './client.service.ts'
import {
  deleteResource,
  findResource,
  findResourceByUri,
  listResources,
  readResource,
  resourcesServedBy,
  updateResource,
} from './resource.service.ts'
import { type Resource, RESOURCES_MAXIMUM } from './resource.ts'

const URI = 'https://api.example/orders'

function refusedIn(pointer: string, code: string) {
  return { code: 'request.validation_failed', facts: { fieldErrors: [{ pointer, code }] } }
}

async function eventsOf(ctx: Context): Promise<(readonly [string, object])[]> {
  const { items } = await listEvents(ctx, { limit: 10 })
  return items.map(({ action, details }) => {
    const { address: _, agent: __, door: ___, network: ____, ...said } = details ?? {}
    return [action, said]
  })
}

onBothEngines('a resource is found by its exact URI, changed and deleted, each with an event', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const made = await storeTestResource(ctx)
  assert.deepEqual(await findResource(ctx, made.id), { ...made, isServed: true })
  assert.deepEqual(await findResourceByUri(ctx, URI), { ...made, isServed: true })
  for (const other of [`${URI}/`, URI.toUpperCase(), `${URI}?`, ''])
    assert.equal(await findResourceByUri(ctx, other), undefined, other)

  const changed = await inTransaction(ctx, (tx) =>
    updateResource(tx, made, { ...made, name: 'Shop', scopes: ['read'] }),
  )
  assert.deepEqual(changed, { ...made, name: 'Shop', scopes: ['read'], revision: 2 })
  assert.deepEqual(await findResource(ctx, made.id), { ...changed, isServed: true })
  await assert.rejects(
    inTransaction(ctx, (tx) => updateResource(tx, made, { ...made, name: 'Late' })),
    { code: 'service.busy' },
  )
  await inTransaction(ctx, (tx) => deleteResource(tx, changed))
  await assert.rejects(readResource(ctx, made.id), { code: 'resource.not_found' })
  const named = (resource: string) => ({ resource, resource_id: made.id, uri: URI })
  const change = { name: 'Shop', name_before: 'Orders', scopes: 'read', scopes_before: 'read write' }
  assert.deepEqual(await eventsOf(ctx), [
    ['resource.deleted', named('Shop')],
    ['resource.changed', { ...named('Shop'), fields: 'name scopes', ...change }],
    ['resource.created', named('Orders')],
  ])
})

onBothEngines('two resources cannot have one URI, and there is a limit of resources', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const { id: _, ...one } = await storeTestResource(ctx)
  const taken = {
    code: 'resource.uri_taken',
    facts: { fieldErrors: [{ pointer: '/uri', code: 'resource.uri_taken' }] },
  }
  await assert.rejects(storeTestResource(ctx, { name: 'Other' }), taken)
  const row = (index: number) => ({
    id: `r${index}`,
    uri: `https://r${index}.example/`,
    name: 'Many',
    token_format: 'jwt' as const,
    scopes: '',
    allowed_clients: '[]',
    created_at: one.createdAt,
    revision: 1,
  })
  const rows = Array.from({ length: RESOURCES_MAXIMUM - 1 }, (_row, index) => row(index))
  await db.insertInto('resource').values(rows).execute()
  await assert.rejects(storeTestResource(ctx, { uri: 'https://last.example/' }), { code: 'resource.too_many' })
})

onBothEngines('resources are listed by URI, in pages', async (t, db) => {
  const ctx = await wholeContext(t, db)
  for (const host of ['b', 'c', 'a']) await storeTestResource(ctx, { uri: `https://${host}.example/` })
  const first = await listResources(ctx, { limit: 2 })
  assert.deepEqual(
    first.items.map(({ uri }) => uri),
    ['https://a.example/', 'https://b.example/'],
  )
  const rest = await listResources(ctx, { after: first.next ?? '', limit: 2 })
  assert.deepEqual([rest.items.map(({ uri }) => uri), rest.next], [['https://c.example/'], null])
})

onBothEngines(
  'the apps of a resource exist when they are named, and the one that serves it has a secret',
  async (t, db) => {
    const ctx = await wholeContext(t, db)
    await storeTestClient(ctx, 'shop')
    await storeTestClient(ctx, 'phone', { kind: 'native', authMethod: 'none' })
    const store = (wanted: Partial<Resource>) => storeTestResource(ctx, { tokenFormat: 'opaque', ...wanted })
    await assert.rejects(store({ servedBy: 'gone' }), refusedIn('/served_by', 'resource.app_unknown'))
    await assert.rejects(store({ servedBy: 'phone' }), refusedIn('/served_by', 'resource.app_public'))
    await assert.rejects(
      store({ servedBy: 'shop', allowedClients: ['phone', 'gone'] }),
      refusedIn('/allowed_clients', 'resource.app_unknown'),
    )
    const made = await store({ servedBy: 'shop', allowedClients: ['phone'] })
    assert.deepEqual(await resourcesServedBy(ctx, 'shop'), [{ id: made.id, uri: made.uri }])
    assert.deepEqual(await resourcesServedBy(ctx, 'phone'), [])

    // An app that is gone stays named until an admin changes it, and nothing is issued meanwhile.
    await db.deleteFrom('client').where('id', '=', 'shop').execute()
    assert.equal((await readResource(ctx, made.id)).isServed, false)
    const renamed = await inTransaction(ctx, (tx) => updateResource(tx, made, { ...made, name: 'Shop' }))
    assert.equal(renamed.servedBy, 'shop')
    const shop = await storeTestClient(ctx, 'shop')
    assert.equal((await readResource(ctx, made.id)).isServed, true)
    await inTransaction(ctx, (tx) => setClientDisabled(tx, shop, true))
    assert.equal((await findResourceByUri(ctx, made.uri))?.isServed, false)
  },
)
