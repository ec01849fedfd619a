import assert from 'node:assert/strict'

import { contextOn, onBothEngines } from '../../../../test/support/databases/stores.ts'
import { usersMeant } from './bulk.service.ts'

onBothEngines('two hundred users are meant at once and no more', async (_, db) => {
  const rows = Array.from({ length: 201 }, (_row, index) => ({ username: `user-${index}`, disabled: 0 }))
  const made = await db.insertInto('users').values(rows).returning('id').execute()
  const ids = made.map(({ id }) => id)
  const meant = await usersMeant(contextOn(db), ids)
  assert.deepEqual(new Set(meant.map(({ id }) => id)), new Set(ids.slice(0, 200)))
})
