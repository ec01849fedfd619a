// Two concurrent requests about attributes, each stopped after each of its statements while the other continues: no value is lost, and
// none outlives its attribute or has a type that its attribute no longer has.
import assert from 'node:assert/strict'

import { inEveryOrder, newScene, raceOnEachDatabase } from '../support/interleaving/interleaving.ts'
import { declares } from '../support/people/attributes.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

const DESK = { key: 'desk', label: 'Desk', changed_by: 'user' }

raceOnEachDatabase('of two changes of one user’s values neither is lost', async (t, dialect, steps) => {
  const { parties, root, ada } = await newScene(t, dialect)
  await declares(root, [DESK, { key: 'note', label: 'Note', visible_to: 'admin' }])
  const path = `/users/${await idOf(ada)}/attributes`
  let round = 0
  await inEveryOrder(parties, steps, () => {
    const value = `value ${++round}`
    return Promise.resolve({
      asking: [
        (node) => asks(node, ada, 'PATCH', '/users/me/attributes', { desk: value }),
        (node) => asks(node, root, 'PATCH', path, { note: value }),
      ],
      assertAfter: async ([own, byAdmin]) => {
        assert.deepEqual([own.status, byAdmin.status], [200, 200])
        assert.deepEqual((await root.asks('GET', path)).body, { desk: value, note: value })
      },
    })
  })
})

leaveToTestAll()

raceOnEachDatabase(
  'a value that is written while its attribute is deleted does not stay',
  async (t, dialect, steps) => {
    const { parties, root, ada, server } = await newScene(t, dialect)
    await inEveryOrder(parties, steps, async () => {
      await root.asks('DELETE', '/attributes/desk')
      await declares(root, [DESK])
      return {
        asking: [
          (node) => asks(node, ada, 'PATCH', '/users/me/attributes', { desk: '4' }),
          (node) => asks(node, root, 'DELETE', '/attributes/desk'),
        ],
        assertAfter: async ([written, deleted]) => {
          assert.ok([200, 422].includes(written.status), written.raw.body)
          assert.deepEqual([deleted.status, deleted.body['users']], [200, written.status === 200 ? 1 : 0])
          assert.deepEqual(await server.doorward.db.selectFrom('user_attribute').select('key').execute(), [])
        },
      }
    })
  },
)

raceOnEachDatabase(
  'a value that is written while its attribute gets another type has one of both',
  async (t, dialect, steps) => {
    const { parties, root, ada } = await newScene(t, dialect)
    await inEveryOrder(parties, steps, async () => {
      await root.asks('DELETE', '/attributes/desk')
      await declares(root, [DESK])
      return {
        asking: [
          (node) => asks(node, ada, 'PATCH', '/users/me/attributes', { desk: 'by the window' }),
          (node) => asks(node, root, 'PATCH', '/attributes/desk', { type: 'number' }),
        ],
        one: { success: 200, refusals: [422] },
        assertAfter: async ([written]) => {
          const { body } = await ada.asks('GET', '/users/me/attributes')
          assert.equal(body['desk'], written.status === 200 ? 'by the window' : null)
        },
      }
    })
  },
)
