import assert from 'node:assert/strict'

import { contextOn, onBothEngines } from '../../../test/support/databases/stores.ts'
import { usersPepperedWith } from './imported-hashes.service.ts'

const hashWith = (keyId: string) => `$argon2id$v=19$m=64,t=1,p=1,keyid=${keyId}$${'a'.repeat(22)}$${'a'.repeat(43)}`

onBothEngines('users whose password needs a key are found by its exact id', async (_, db) => {
  const rows = ['pepper_1', 'pepper-1', 'pepper_12'].map((keyId) => {
    return { username: keyId, hashed_password: hashWith(keyId), disabled: 0 }
  })
  await db.insertInto('users').values(rows).execute()
  const found = await usersPepperedWith(contextOn(db), 'pepper_1')
  assert.deepEqual(
    found.map(({ username }) => username),
    ['pepper_1'],
  )
})
