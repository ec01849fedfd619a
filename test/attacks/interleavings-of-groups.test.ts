// Two concurrent requests about one group, each stopped after each of its statements while the other continues.
import assert from 'node:assert/strict'

import { GROUPS_MAXIMUM } from '#domain/groups/group.ts'
import { inEveryOrder, newScene, raceOnEachDatabase } from '../support/interleaving/interleaving.ts'
import { membersIn, newGroup } from '../support/people/groups.ts'
import { newcomer } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

async function eventsOf({ doorward: { db } }: Server, action: string): Promise<number> {
  return (await db.selectFrom('audit_event').select('id').where('action', '=', action).execute()).length
}

leaveToTestAll()

raceOnEachDatabase('a member who is added twice at once is added once', async (t, dialect, steps) => {
  const { parties, server, root, ada } = await newScene(t, dialect)
  const { id } = await rowOf(ada)
  let groups = 0
  await inEveryOrder(parties, steps, async () => {
    const group = await newGroup(root, `Group ${++groups}`)
    const before = await eventsOf(server, 'group.member_added')
    const add = (node: Server) => asks(node, root, 'PUT', `/groups/${group}/members/${id}`)
    return {
      asking: [add, add],
      assertAfter: async (replies) => {
        assert.deepEqual(
          replies.map(({ status }) => status),
          [204, 204],
        )
        assert.deepEqual(await membersIn(server, group), ['ada'])
        assert.equal(await eventsOf(server, 'group.member_added'), before + 1)
      },
    }
  })
})

/** Stores as many groups as there may be, but one. */
async function fillsUpGroups({ doorward: { db } }: Server): Promise<void> {
  const rows = Array.from({ length: GROUPS_MAXIMUM - 1 }, (_, at) => {
    const name = `filler ${at}`
    return { id: name, name, name_key: name, description: '', revision: 0, created_at: 0 }
  })
  for (let at = 0; at < rows.length; at += 1000)
    await db
      .insertInto('user_group')
      .values(rows.slice(at, at + 1000))
      .execute()
}

raceOnEachDatabase('of two groups for which there is one place left one is created', async (t, dialect, steps) => {
  const { parties, server, root } = await newScene(t, dialect)
  const groups = server.doorward.db.selectFrom('user_group').select('id')
  await fillsUpGroups(server)
  await inEveryOrder(parties, steps, async () => {
    await server.doorward.db.deleteFrom('user_group').where('name', 'in', ['One', 'Other']).execute()
    return {
      asking: [
        (node) => asks(node, root, 'POST', '/groups', { name: 'One' }),
        (node) => asks(node, root, 'POST', '/groups', { name: 'Other' }),
      ],
      one: { success: 200, refusals: [409] },
      assertAfter: async () => assert.equal((await groups.execute()).length, GROUPS_MAXIMUM),
    }
  })
})

raceOnEachDatabase('a group that is deleted while a member is added keeps no member', async (t, dialect, steps) => {
  const { parties, server, root, ada } = await newScene(t, dialect)
  const { id } = await rowOf(ada)
  let groups = 0
  await inEveryOrder(parties, steps, async () => {
    const group = await newGroup(root, `Group ${++groups}`)
    return {
      asking: [
        (node) => asks(node, root, 'PUT', `/groups/${group}/members/${id}`),
        (node) => asks(node, root, 'DELETE', `/groups/${group}`),
      ],
      assertAfter: async ([added, deleted]) => {
        assert.equal(deleted.status, 204, deleted.raw.body)
        assert.ok([204, 404].includes(added.status), added.raw.body)
        assert.deepEqual(await membersIn(server, group), [])
      },
    }
  })
})

raceOnEachDatabase(
  'a manager who is dismissed at once removes a member before that or not at all',
  async (t, dialect, steps) => {
    const { parties, server, root, ada } = await newScene(t, dialect)
    const bob = await newcomer(root, 'bob')
    await root.signsIn()
    const [manager, member] = [(await rowOf(ada)).id, (await rowOf(bob)).id]
    let groups = 0
    await inEveryOrder(parties, steps, async () => {
      const group = await newGroup(root, `Group ${++groups}`, { members: [bob], managers: [ada] })
      return {
        asking: [
          (node) => asks(node, ada, 'DELETE', `/users/me/groups/${group}/members/${member}`),
          (node) => asks(node, root, 'DELETE', `/groups/${group}/managers/${manager}`),
        ],
        assertAfter: async ([removed, dismissed]) => {
          assert.equal(dismissed.status, 204, dismissed.raw.body)
          assert.ok([204, 404].includes(removed.status), removed.raw.body)
          assert.deepEqual(await membersIn(server, group), removed.status === 204 ? [] : ['bob'])
        },
      }
    })
  },
)

raceOnEachDatabase('a user who is deleted while they are added to a group is in none', async (t, dialect, steps) => {
  const { parties, server, root } = await newScene(t, dialect)
  let people = 0
  await inEveryOrder(parties, steps, async () => {
    const { id } = await rowOf(await newcomer(root, `person-${++people}`))
    await root.signsIn()
    const group = await newGroup(root, `Group ${people}`)
    return {
      asking: [
        (node) => asks(node, root, 'PUT', `/groups/${group}/members/${id}`),
        (node) => asks(node, root, 'DELETE', `/users/${id}`),
      ],
      assertAfter: async ([added, deleted]) => {
        assert.equal(deleted.status, 204, deleted.raw.body)
        assert.ok([204, 404].includes(added.status), added.raw.body)
        assert.deepEqual(await membersIn(server, group), [])
      },
    }
  })
})
