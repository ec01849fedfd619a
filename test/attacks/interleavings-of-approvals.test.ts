// Two decisions about one request of the two-person rule at two nodes. Each is stopped after each of its statements while the other
// continues: exactly one counts, and the change is made at most once.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { findUserById } from '#domain/users/user.service.ts'
import { days } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import {
  type Asking,
  inEveryOrder,
  interleaveOnEachDatabase,
  newScene,
  raceOnEachDatabase,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { ask, newcomer, type Person, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { newWaitingRequest, type WaitingRequest } from '../support/people/waiting-requests.ts'
import { storeExemption, storeGroup, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
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

leaveToTestAll()

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

/** An admin beside the first one, with an authenticator app, on two nodes with the two-person rule. */
async function ruledScene(t: TestContext, dialect: Dialect) {
  const scene = await newScene(t, dialect, { two_person_rule: 'on' })
  const mia = await rowOf(await newcomer(scene.root, 'mia'))
  await changeUser(scene.server.operator(), { id: mia.id }, { role: 'admin' })
  await scene.root.signsIn()
  return { ...scene, mia, db: scene.server.doorward.db }
}

const STRICT = { second_factor: 'phishing-resistant' } as const

/** Each alone stops nobody. Whichever is second sees the first, so that it waits for a second admin. */
function assertOneWaits(replies: readonly Reply[]): void {
  const said = replies.map(({ status, raw }) => `${status} ${raw.body}`).join('\n')
  const done = replies.map(({ status }) => [200, 204].includes(status))
  assert.deepEqual(done.filter(Boolean), [true], said)
  assert.equal(replies[done.indexOf(false)]?.status, 202, said)
}

interleaveOnEachDatabase(
  'an admin who joins a group and a policy that it gets at the same time do not stop them together',
  async (t, dialect) => {
    const { parties, root, mia, db } = await ruledScene(t, dialect)
    let round = 0
    for (const isFirst of [true, false]) {
      await inEveryOrder(parties, 'each against the whole', async () => {
        const group = `group-${++round}`
        await storeGroup(db, group, [])
        const policy = { name: group, scope: 'group', scope_ref: group, ...STRICT }
        const joins: Asking = (node) => asks(node, root, 'PUT', `/groups/${group}/members/${mia.id}`)
        const names: Asking = (node) => asks(node, root, 'POST', '/policies', policy)
        return {
          asking: isFirst ? [joins, names] : [names, joins],
          assertAfter: (replies) => Promise.resolve(assertOneWaits(replies)),
        }
      })
    }
  },
)

interleaveOnEachDatabase(
  'an exemption that ends counts for no policy and no group that relies on it at the same time',
  async (t, dialect) => {
    const { parties, root, server, mia, db } = await ruledScene(t, dialect)
    let round = 0
    for (const relies of ['policy', 'member']) {
      await inEveryOrder(parties, 'each against the whole', async () => {
        const id = `${relies}-${++round}`
        const scope = { id, scope: 'group', scopeRef: id } as const
        await storeGroup(db, id, relies === 'policy' ? [mia.subject] : [])
        const secondFactor = relies === 'policy' ? 'required' : 'phishing-resistant'
        await storePolicyVersion(db, { ...scope, secondFactor })
        await storeExemption(db, { policyId: id, subject: mia.subject, endsAt: server.clock.now() + days(30) })
        const ends: Asking = (node) => asks(node, root, 'DELETE', `/policies/${id}/exemptions/${mia.id}`)
        const other: Asking = (node) =>
          relies === 'policy'
            ? asks(node, root, 'POST', `/policies/${id}/versions`, STRICT)
            : asks(node, root, 'PUT', `/groups/${id}/members/${mia.id}`)
        return {
          asking: round % 2 === 0 ? [ends, other] : [other, ends],
          assertAfter: (replies) => Promise.resolve(assertOneWaits(replies)),
        }
      })
    }
  },
)
