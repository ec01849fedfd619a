import assert from 'node:assert/strict'

import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { ensureSigningKeys, readableKeys } from './signing-key.service.ts'

onBothEngines('two nodes make one pair of keys', async (t, db, store) => {
  const ctx = await wholeContext(t, db)
  assert.equal(await readableKeys(ctx, undefined), undefined)
  const other = { ...ctx, db: await store.open() }
  await Promise.all([ensureSigningKeys(ctx), ensureSigningKeys(other)])
  const found = await readableKeys(ctx, undefined)
  assert.deepEqual(
    found?.jwks().keys.map(({ alg, use }) => [alg, use]),
    [
      ['ES256', 'sig'],
      ['RS256', 'sig'],
    ],
  )
})
