import assert from 'node:assert/strict'
import { test } from 'node:test'

import { withQuery } from './query-string.ts'

test('a path has those of its parameters that have a value, each escaped', () => {
  assert.equal(withQuery('/users', {}), '/users')
  assert.equal(withQuery('/users', { q: undefined, after: undefined }), '/users')
  assert.equal(withQuery('/users', { q: 'a&b c', role: undefined, sort: '' }), '/users?q=a%26b+c&sort=')
})
