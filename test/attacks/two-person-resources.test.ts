// Threat: a resource as a way around the two-person rule. Who lets an app ask for the tokens of an API, or says which app checks them, can call that
// API as its users, or answers for it.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { findResource, listResources } from '#domain/clients/resource.service.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { changeResource, createResource } from '#use-cases/administration/resources/resources.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithRule } from '../support/people/admins.ts'
import type { Person } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const URI = 'https://api.example.org/orders'

async function waiting(person: Person, method: 'POST' | 'PATCH', url: string, body: object): Promise<string> {
  const { status, body: request, raw } = await person.asks(method, url, body)
  assert.equal(status, 202, raw.body)
  assert.equal(request['state'], 'waiting')
  return String(request['id'])
}

function approves(person: Person, id: string) {
  return person.asks('POST', `/approvals/${id}/approve`)
}

async function storeApps(server: Server): Promise<void> {
  await createApp(server.operator(), { id: 'orders-api', name: 'Orders; API', kind: 'api' })
  await createApp(server.operator(), { id: 'wiki', name: 'Wiki', redirectUris: ['https://wiki.example.org/'] })
}

onEitherDatabase('a new resource waits, and is made as it was asked for', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  await storeApps(server)
  const wanted = {
    uri: URI,
    name: 'Orders',
    served_by: 'orders-api',
    lifetime: 120,
    scopes: ['write', 'read'],
    allowed_clients: ['wiki', 'orders-api'],
  }
  const id = await waiting(root, 'POST', '/resources', wanted)
  assert.equal((await waiting(root, 'POST', '/resources', wanted)) === id, false, 'each has an id of its own')
  assert.deepEqual((await listResources(server.operator(), { limit: 9 })).items, [])
  const page = await (await signedInBrowser(mia)).open(`/admin/approvals/${id}`)
  for (const text of ['Register resource', URI, 'Orders; API', 'Wiki', '2 minutes', 'read', 'Opaque'])
    assert.ok(page.body.includes(text), text)
  assert.deepEqual(refusalIn(await approves(root, id)), [409, 'approval.own_request'])
  assert.equal((await approves(mia, id)).status, 200)
  const [stored] = (await listResources(server.operator(), { limit: 9 })).items
  const { id: _, createdAt: __, ...row } = stored ?? assert.fail()
  assert.deepEqual(row, {
    uri: URI,
    name: 'Orders',
    servedBy: 'orders-api',
    tokenFormat: 'opaque',
    lifetime: 120,
    scopes: ['read', 'write'],
    allowedClients: ['orders-api', 'wiki'],
    createdBy: (await rowOf(root)).subject,
    revision: 1,
    isServed: true,
  })
})

leaveToTestAll()

onEitherDatabase('what gives more waits; a name, fewer scopes and apps, and its end do not', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  await storeApps(server)
  const fields = { servedBy: 'orders-api', lifetime: 120, scopes: ['read'], allowedClients: ['wiki'] }
  const { id } = await createResource(server.operator(), { uri: URI, name: 'Orders', ...fields })
  const path = `/resources/${id}`
  const before = await findResource(server.operator(), id)
  const asked: string[] = []
  for (const change of [
    { allowed_clients: 'all' },
    { scopes: ['read', 'write'], name: 'Other' },
    { token_format: 'jwt' },
    { served_by: 'wiki' },
    { lifetime: null },
  ])
    asked.push(await waiting(root, 'PATCH', path, change))
  assert.deepEqual(await findResource(server.operator(), id), before)
  const page = await (await signedInBrowser(mia)).open(`/admin/approvals/${asked.at(-1)}`)
  assert.match(page.body, /The usual time/)

  assert.equal((await approves(mia, asked[1] ?? '')).status, 200)
  const changed = await findResource(server.operator(), id)
  assert.deepEqual([changed?.name, changed?.scopes, changed?.allowedClients], ['Other', ['read', 'write'], ['wiki']])
  assert.deepEqual(refusalIn(await approves(mia, asked[0] ?? '')), [409, 'approval.lapsed'])
  assert.equal((await mia.asks('GET', `/approvals/${asked[0]}`)).body['end_reason'], 'resource_changed')

  const less = { name: 'Orders', scopes: [], allowed_clients: [], lifetime: 60 }
  assert.equal((await root.asks('PATCH', path, less)).status, 200)
  const late = await waiting(root, 'PATCH', path, { allowed_clients: 'all' })
  assert.equal((await root.asks('DELETE', path)).status, 204)
  assert.deepEqual(refusalIn(await approves(mia, late)), [409, 'approval.lapsed'])
})

onEitherDatabase('what the operator does with a resource goes past the rule, and is said', async (t, dialect) => {
  const { server } = await startWithRule(t, dialect)
  const operator = server.operator()
  const { id } = await createResource(operator, { uri: URI, name: 'Orders', tokenFormat: 'jwt' })
  await changeResource(operator, id, { allowedClients: 'all' })
  const { items } = await listEvents(operator, { action: 'approval.bypassed', limit: 10 })
  assert.deepEqual(
    items.map(({ details }) => [details?.['username'], details?.['change']]),
    [
      ['Orders', 'change-resource'],
      ['Orders', 'create-resource'],
    ],
  )
})
