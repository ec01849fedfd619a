import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NEW_RESOURCE, type Resource, type ResourceFields, RESOURCES_MAXIMUM } from '#domain/clients/resource.ts'
import type { FileResource } from './resource-file.ts'
import { planResources, type ResourcePlanning } from './resource-plan.ts'

const URI = 'https://api.example.org/'
const CLIENTS: ResourcePlanning['clients'] = new Map([
  ['shop', { authMethod: 'client_secret_basic' }],
  ['page', { authMethod: 'none' }],
])

function inFile(...given: readonly Partial<ResourceFields>[]): FileResource[] {
  return given.map((fields, index) => ({ index, fields: { ...ORDERS, ...fields } }))
}

const ORDERS: ResourceFields = { ...NEW_RESOURCE, uri: URI, name: 'Orders', servedBy: 'shop' }

function stored(fields: Partial<ResourceFields> = {}): Resource {
  return { ...ORDERS, ...fields, id: 'r1', createdAt: 1, createdBy: null, revision: 1 }
}

function planOf(resources: readonly FileResource[], before: readonly Resource[] = [], removesOthers = false) {
  return planResources({ resources, stored: before, clients: CLIENTS, removesOthers })
}

function errorsOf(...given: Parameters<typeof planOf>): string[] {
  return planOf(...given).errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

test('a new resource says what is not as in any new one', () => {
  const { plan, errors } = planOf(inFile({ tokenFormat: 'jwt', lifetime: 120, allowedClients: ['page'] }))
  assert.deepEqual(errors, [])
  assert.deepEqual(
    plan.added.map(({ before, changes }) => [before, changes.map(({ field, after }) => [field, after])]),
    [
      [
        null,
        [
          ['uri', URI],
          ['name', 'Orders'],
          ['served_by', 'shop'],
          ['token_format', 'jwt'],
          ['lifetime', 120],
          ['allowed_clients', ['page']],
        ],
      ],
    ],
  )
})

test('what the file leaves out is as in a new resource, and the same in another order is no change', () => {
  const before = stored({ scopes: ['read', 'write'], lifetime: 600, allowedClients: 'all' })
  assert.deepEqual(planOf(inFile({ ...before, scopes: ['write', 'read'] }), [before]).plan.unchanged, [before])
  const { changed } = planOf(inFile({ scopes: ['read'] }), [before]).plan
  assert.deepEqual(changed[0]?.changes, [
    { field: 'scopes', before: ['read', 'write'], after: ['read'] },
    { field: 'allowed_clients', before: 'all', after: [] },
    { field: 'lifetime', before: 600, after: null },
  ])
})

test('a resource that the file does not have stays, or is deleted with the others', () => {
  const before = [stored(), { ...stored({ uri: 'https://mail.example.org/' }), id: 'r2' }]
  const kept = planOf(inFile({}), before).plan
  assert.deepEqual([kept.others, kept.removed], [[before[1]], []])
  const rest = planOf(inFile({}), before, true).plan
  assert.deepEqual([rest.others, rest.removed], [[], [before[1]]])
})

test('errors stand at their resource and field', () => {
  assert.deepEqual(errorsOf(inFile({}, { uri: 'http://b.example/', servedBy: null, allowedClients: ['page', 'x'] })), [
    '/resource/1/uri resource.uri_http',
    '/resource/1/served_by resource.app_missing',
    '/resource/1/allowed_clients resource.app_unknown',
  ])
  assert.deepEqual(errorsOf(inFile({ servedBy: 'page' })), ['/resource/0/served_by resource.app_public'])
  assert.deepEqual(errorsOf(inFile({ servedBy: 'x' })), ['/resource/0/served_by resource.app_unknown'])
  const many = Array.from({ length: RESOURCES_MAXIMUM }, (_, at) => stored({ uri: `https://${at}.example/` }))
  assert.deepEqual(errorsOf(inFile({}), many), ['/resource field.too_many'])
})

test('an app that was deleted since it was named makes no file invalid', () => {
  const before = stored({ servedBy: 'gone', allowedClients: ['gone', 'page'] })
  assert.deepEqual(errorsOf(inFile(before), [before]), [])
  assert.deepEqual(errorsOf(inFile(before)), [
    '/resource/0/served_by resource.app_unknown',
    '/resource/0/allowed_clients resource.app_unknown',
  ])
})
