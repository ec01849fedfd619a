// Two decisions about one request of the two-person rule at two nodes. Each is stopped after each of its statements while the other
// continues: exactly one counts, and the change is made at most once.
import assert from 'node:assert/strict'

import { findUserById } from '../../src/domain/users/user.service.ts'
import { inEveryOrder, newScene, raceOnEachDatabase } from '../support/interleaving/interleaving.ts'
import type { Asking, Scene } from '../support/interleaving/interleaving.ts'
import { ask, newcomer } from '../support/people/people.ts'
import type { Person, Reply } from '../support/people/people.ts'
import { newWaitingRequest } from '../support/people/waiting-requests.ts'
import type { WaitingRequest } from '../support/people/waiting-requests.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

function decides(person: Person, decision: string, { id }: WaitingRequest): Asking {
  return (node) => asks(node, person, 'POST', `/approvals/${id}/${decision}`)
}

function objects({ token }: WaitingRequest): Asking {
  return (node) => ask(node, 'POST', '/objections', { payload: { token } })
}

async function secondAdmin({ root }: Scene): Promise<Person> {
  const noa = await (await newcomer(root, 'noa', { role: 'admin' })).signsIn()
  await root.signsIn()
  return noa
}

/** One decision succeeded, the other was refused; the account is disabled as often as the change was made. */
async function assertOneCounts(
  server: Server,
  { id, target }: WaitingRequest,
  replies: readonly Reply[],
  making: readonly boolean[],
): Promise<void> {
  const won = replies.map(({ status }) => status < 300)
  assert.deepEqual(won.filter(Boolean), [true], replies.map(({ raw }) => raw.body).join('\n'))
  for (const { status, raw } of replies) assert.ok(status < 300 || [404, 409].includes(status), raw.body)
  const made = won.some((isWinner, index) => isWinner && making[index])
  assert.equal((await findUserById(server.operator(), target.id))?.disabled, made)
  const { db } = server.doorward
  const row = await db.selectFrom('approval_request').select('state').where('id', '=', id).executeTakeFirst()
  assert.equal(row?.state === 'carried-out', made)
  const changes = db.selectFrom('audit_event').select('id').where('action', '=', 'user.disabled')
  assert.equal((await changes.where('target', '=', target.subject).execute()).length, made ? 1 : 0)
}

raceOnEachDatabase('of an approval and an objection by link, one counts', async (t, dialect, steps) => {
  const scene = await newScene(t, dialect)
  await inEveryOrder(scene.parties, steps, async () => {
    const waiting = await newWaitingRequest(scene.server)
    return {
      asking: [decides(scene.root, 'approve', waiting), objects(waiting)],
      assertAfter: (replies) => assertOneCounts(scene.server, waiting, replies, [true, false]),
    }
  })
})

raceOnEachDatabase('of two approvals, one counts', async (t, dialect, steps) => {
  const scene = await newScene(t, dialect)
  const noa = await secondAdmin(scene)
  await inEveryOrder(scene.parties, steps, async () => {
    const waiting = await newWaitingRequest(scene.server)
    return {
      asking: [decides(scene.root, 'approve', waiting), decides(noa, 'approve', waiting)],
      one: { success: 200, refusals: [409] },
      assertAfter: (replies) => assertOneCounts(scene.server, waiting, replies, [true, true]),
    }
  })
})

raceOnEachDatabase('of an objection and the end of the waiting time, one counts', async (t, dialect, steps) => {
  const scene = await newScene(t, dialect)
  await inEveryOrder(scene.parties, steps, async () => {
    const waiting = await newWaitingRequest(scene.server, { isReady: true })
    return {
      asking: [objects(waiting), decides(scene.root, 'carry-out', waiting)],
      assertAfter: (replies) => assertOneCounts(scene.server, waiting, replies, [false, true]),
    }
  })
})

raceOnEachDatabase('of an approval and the end of the waiting time, one counts', async (t, dialect, steps) => {
  const scene = await newScene(t, dialect)
  const noa = await secondAdmin(scene)
  await inEveryOrder(scene.parties, steps, async () => {
    const waiting = await newWaitingRequest(scene.server, { isReady: true })
    return {
      asking: [decides(scene.root, 'approve', waiting), decides(noa, 'carry-out', waiting)],
      one: { success: 200, refusals: [409] },
      assertAfter: (replies) => assertOneCounts(scene.server, waiting, replies, [true, true]),
    }
  })
})

raceOnEachDatabase('an objection link is used once', async (t, dialect, steps) => {
  const scene = await newScene(t, dialect)
  await inEveryOrder(scene.parties, steps, async () => {
    const waiting = await newWaitingRequest(scene.server)
    return {
      asking: [objects(waiting), objects(waiting)],
      one: { success: 204, refusals: [404, 409] },
      assertAfter: (replies) => assertOneCounts(scene.server, waiting, replies, [false, false]),
    }
  })
})

raceOnEachDatabase(
  'an approval and the demotion of the admin who asked leave no change of a former admin behind',
  async (t, dialect, steps) => {
    const scene = await newScene(t, dialect)
    const { server, root } = scene
    const noa = await secondAdmin(scene)
    await inEveryOrder(scene.parties, steps, async () => {
      const waiting = await newWaitingRequest(scene.server)
      return {
        asking: [
          decides(root, 'approve', waiting),
          (node) => asks(node, noa, 'PATCH', `/users/${waiting.asker.id}`, { role: 'user' }),
        ],
        assertAfter: async ([approval, demotion]) => {
          assert.equal(demotion.status, 200, demotion.raw.body)
          assert.ok([200, 409].includes(approval.status), approval.raw.body)
          const { disabled } = (await findUserById(server.operator(), waiting.target.id)) ?? {}
          assert.equal(disabled, approval.status === 200)
        },
      }
    })
  },
)
