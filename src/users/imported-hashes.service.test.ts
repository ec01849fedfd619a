import assert from 'node:assert/strict'

import { contextOn, onBothEngines } from '../../test/support/stores.ts'
import { importedHashes } from './imported-hashes.service.ts'

const [CHEAP, DEAR] = ['pbkdf2:sha256:100000$salt$00', 'pbkdf2:sha256:1000009$salt$00']

onBothEngines('of hashes whose costs begin alike the costliest is among those given', async (_, db) => {
  const rows = [CHEAP, DEAR].map((hash, index) => ({ username: `u${index}`, hashed_password: hash, disabled: 0 }))
  await db.insertInto('users').values(rows).execute()
  assert.ok((await importedHashes(contextOn(db))).includes(DEAR))
})
