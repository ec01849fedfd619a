import assert from 'node:assert/strict'

import { contextOn, onBothEngines } from '#test/support/databases/stores.ts'
import { selectedUsers } from './bulk.service.ts'

onBothEngines('a bulk action covers at most two hundred users', async (_, db) => {
  const rows = Array.from({ length: 201 }, (_row, index) => ({ username: `user-${index}`, disabled: 0 }))
  const made = await db.insertInto('users').values(rows).returning('id').execute()
  const ids = made.map(({ id }) => id)
  const selected = await selectedUsers(contextOn(db), ids)
  assert.deepEqual(new Set(selected.map(({ id }) => id)), new Set(ids.slice(0, 200)))
})
