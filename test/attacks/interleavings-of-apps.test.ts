// Two concurrent requests about apps at two nodes, each stopped after each of its statements while the other continues: no change is lost,
// no app gets an attribute that is deleted, and no limit is passed.
import assert from 'node:assert/strict'

import { findClient, findClientWithSecrets } from '#domain/clients/client.service.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import {
  inEveryOrder,
  interleaveOnEachDatabase,
  newScene,
  raceOnEachDatabase,
} from '../support/interleaving/interleaving.ts'
import { declares } from '../support/people/attributes.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

const REDIRECT = 'https://wiki.example.org/callback'

/** Makes an app with a secret; returns its path. */
async function newAppAt(
  server: Server,
  name: string,
  redirectUris = [REDIRECT],
): Promise<{ readonly id: string; readonly path: string }> {
  const { client } = await createApp(server.operator(), { name, redirectUris })
  return { id: client.id, path: `/apps/${client.id}` }
}

leaveToTestAll()

raceOnEachDatabase('of two changes of one app neither is lost', async (t, dialect, steps) => {
  const { parties, server, root } = await newScene(t, dialect)
  let round = 0
  await inEveryOrder(parties, steps, async () => {
    const { id, path } = await newAppAt(server, `App ${++round}`)
    return {
      asking: [
        (node) => asks(node, root, 'PATCH', path, { redirect_uris: [REDIRECT, 'https://other.example/'] }),
        (node) => asks(node, root, 'PATCH', path, { scopes: ['groups'] }),
      ],
      assertAfter: async ([one, other]) => {
        assert.deepEqual([one.status, other.status], [200, 200])
        const found = await findClient(server.operator(), id)
        assert.deepEqual([found?.redirectUris.length, found?.scopes], [2, ['openid', 'groups']])
      },
    }
  })
})

raceOnEachDatabase(
  'an app does not keep an attribute that is deleted while the app comes to get it',
  async (t, dialect, steps) => {
    const { parties, server, root } = await newScene(t, dialect)
    let round = 0
    await inEveryOrder(parties, steps, async () => {
      await root.asks('DELETE', '/attributes/desk')
      await declares(root, [{ key: 'desk', label: 'Desk' }])
      const { id, path } = await newAppAt(server, `App ${++round}`)
      return {
        asking: [
          (node) => asks(node, root, 'PATCH', path, { attributes: [{ key: 'desk', claim: 'desk' }] }),
          (node) => asks(node, root, 'DELETE', '/attributes/desk'),
        ],
        assertAfter: async ([changed, deleted]) => {
          assert.ok([200, 422].includes(changed.status), changed.raw.body)
          assert.equal(deleted.status, 200, deleted.raw.body)
          assert.deepEqual((await findClient(server.operator(), id))?.attributes, [])
        },
      }
    })
  },
)

raceOnEachDatabase('an app has two secrets at most', async (t, dialect, steps) => {
  const { parties, server, root } = await newScene(t, dialect)
  let round = 0
  await inEveryOrder(parties, steps, async () => {
    const { id, path } = await newAppAt(server, `App ${++round}`)
    return {
      asking: [
        (node) => asks(node, root, 'POST', `${path}/secrets`),
        (node) => asks(node, root, 'POST', `${path}/secrets`),
      ],
      one: { success: 200, refusals: [409] },
      assertAfter: async () => {
        assert.equal((await findClientWithSecrets(server.operator(), id))?.secrets.length, 2)
      },
    }
  })
})

interleaveOnEachDatabase('of two apps of one name, one is registered', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  let round = 0
  await inEveryOrder(parties, 'each against the whole', async () => {
    const name = `App ${++round}`
    return {
      asking: [
        (node) => asks(node, root, 'POST', '/apps', { name, redirect_uris: [REDIRECT] }),
        (node) => asks(node, root, 'POST', '/apps', { name: name.toUpperCase(), redirect_uris: [REDIRECT] }),
      ],
      one: { success: 200, refusals: [409] },
      assertAfter: async () => {
        const rows = await server.doorward.db.selectFrom('client').select('name').execute()
        assert.equal(rows.filter((row) => row.name.toLowerCase() === name.toLowerCase()).length, 1)
      },
    }
  })
})

interleaveOnEachDatabase('an approved change is made on the app as it was read, or not at all', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect, { two_person_rule: 'on' })
  const [mia, noa] = [await newcomer(root, 'mia'), await newcomer(root, 'noa')]
  await server.doorward.db.updateTable('users').set({ role: 'admin' }).where('username', '!=', 'ada').execute()
  for (const admin of [root, mia, noa]) await admin.signsIn()
  const both = [REDIRECT, 'https://old.example.org/']
  let round = 0
  await inEveryOrder(parties, 'each against the whole', async () => {
    const { id, path } = await newAppAt(server, `App ${++round}`, both)
    const { body } = await root.asks('PATCH', path, { redirect_uris: [...both, 'https://third.example/'] })
    return {
      asking: [
        (node) => asks(node, mia, 'POST', `/approvals/${String(body['id'])}/approve`),
        // Not by the admin who asked, whose row the approval locks.
        (node) => asks(node, noa, 'PATCH', path, { redirect_uris: [REDIRECT] }),
      ],
      assertAfter: async ([approved, shortened]) => {
        assert.equal(shortened.status, 200, shortened.raw.body)
        assert.ok([200, 409].includes(approved.status), approved.raw.body)
        // Whichever came first: a URI that was taken away does not come back.
        assert.deepEqual((await findClient(server.operator(), id))?.redirectUris, [REDIRECT])
      },
    }
  })
})
