import assert from 'node:assert/strict'
import { test } from 'node:test'

import { NEW_RESOURCE, type ResourceFields } from '#domain/clients/resource.ts'
import { readResourceForm, RESOURCE_FORM_FIELDS, resourceFormPointer, valuesOfResource } from './resource-form.ts'

const ORDERS: ResourceFields = {
  uri: 'https://api.example/',
  name: 'Orders',
  servedBy: 'c1',
  tokenFormat: 'jwt',
  lifetime: 60,
  scopes: ['read', 'write'],
  allowedClients: ['c1', 'gone'],
}
const NAMES = new Map([['c1', 'Shop; and more']])

test('a form that is sent back as it was shown says the same', () => {
  for (const [fields, servedBy, apps] of [
    [ORDERS, 'Shop; and more', ['Shop; and more', 'gone']],
    [{ ...ORDERS, allowedClients: 'all', servedBy: null, lifetime: null }, null, 'all'],
    [NEW_RESOURCE, null, []],
  ] as const) {
    const values = valuesOfResource(fields, NAMES)
    for (const name of Object.keys(values))
      assert.ok(
        RESOURCE_FORM_FIELDS.some((field) => field === name),
        name,
      )
    const { uri, servedBy: _, allowedClients: __, ...rest } = fields
    assert.deepEqual(readResourceForm(values), { uri, fields: rest, servedBy, apps })
  }
})

test('scopes are separated by blanks of any kind, and apps by lines', () => {
  const { fields, apps } = readResourceForm({
    scopes: ' a  b\r\nc ',
    apps: ' Big Wiki \r\n\r\nNotes\nNotes',
    lifetime: 'x',
  })
  assert.deepEqual(fields.scopes, ['a', 'b', 'c'])
  assert.deepEqual(apps, ['Big Wiki', 'Notes'])
  assert.ok(Number.isNaN(fields.lifetime), 'a rule refuses what is no number')
  assert.equal(resourceFormPointer('/allowed_clients'), '/apps')
  assert.equal(resourceFormPointer('/uri'), '/uri')
})
