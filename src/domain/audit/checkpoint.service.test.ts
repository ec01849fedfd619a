import assert from 'node:assert/strict'
import { test } from 'node:test'

import { headFileOf } from './head-file.ts'

const OWN = 'sqlite:/srv/data/doorward.db'
const OTHERS = ['sqlite:/srv/tutorial.db', 'sqlite:/srv/data/other.db', 'postgres://db.internal:5432/doorward']

test('the heads of the data folder’s own database are in audit-head, those of any other in a file of its own', () => {
  assert.equal(headFileOf(OWN, OWN), 'audit-head')
  const names = OTHERS.map((database) => headFileOf(database, OWN))
  for (const name of names) assert.match(name, /^audit-head\.[0-9a-f]{16}$/)
  assert.equal(new Set(names).size, OTHERS.length)
})

test('a database has the same file at every start', () => {
  assert.equal(headFileOf('sqlite:/srv/tutorial.db', OWN), 'audit-head.1d8680292fe67611')
})
