import assert from 'node:assert/strict'

import { inTransaction } from '#foundation/context.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { storeTestClient } from '#test/support/people/resources.ts'
import { listAgentClients, lockAgentClient, storeAgentClient } from './agent-client.service.ts'
import { NEW_CLIENT } from './client.ts'

const FIELDS = {
  ...NEW_CLIENT,
  kind: 'agent',
  name: 'Helper',
  redirectUris: ['https://a.example/cb'],
  trusted: false,
} as const

onBothEngines('agents may have one name, and are stored up to a limit', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const ids = ['https://a.example/1', 'https://a.example/2']
  const store = (id: string, most = 2) => storeAgentClient(ctx, { id, fields: FIELDS, most })
  for (const id of ids) assert.equal((await store(id))?.name, 'Helper')
  assert.equal(await store('https://a.example/3'), undefined)
  assert.equal((await store(ids[0]!))?.revision, 1, 'one that is known')
  assert.deepEqual(
    (await listAgentClients(ctx, 10)).map(({ id }) => id),
    ids,
  )
})

onBothEngines('what is for agents touches no app that an admin has registered', async (t, db) => {
  const ctx = await wholeContext(t, db)
  const app = await storeTestClient(ctx, 'helper')
  await storeAgentClient(ctx, { id: 'https://a.example/1', fields: FIELDS, most: 1 })
  assert.equal((await inTransaction(ctx, (tx) => lockAgentClient(tx, 'https://a.example/1'))).name, 'Helper')
  for (const id of [app.id, 'https://a.example/2'])
    await assert.rejects(
      inTransaction(ctx, (tx) => lockAgentClient(tx, id)),
      { code: 'app.not_found' },
      id,
    )
})
