import assert from 'node:assert/strict'
import { test } from 'node:test'

import { usesOfScopes } from './scopes-in-words.ts'

const CASES: readonly (readonly [scopes: string, uses: Readonly<Record<string, readonly string[]>>])[] = [
  ['', {}],
  ['events:read events:write', { both: ['events'] }],
  ['events:write files:read', { write: ['events'], read: ['files'] }],
  ['read:events write:events events.read', { both: ['events'] }],
  ['read', { read: [''] }],
  ['read write', { both: [''] }],
  ['calendar.events:read', { read: ['calendar.events'] }],
  ['a/b/write', { write: ['a/b'] }],
  ['admin events:delete', { others: ['admin', 'events:delete'] }],
  ['reader events:readonly ready', { others: ['reader', 'events:readonly', 'ready'] }],
]

for (const [scopes, uses] of CASES)
  test(`the scopes “${scopes}” let an app do what their names say`, () => {
    assert.deepEqual(Object.fromEntries(usesOfScopes(scopes.split(' ').filter(Boolean))), uses)
  })
