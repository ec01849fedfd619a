// Two concurrent requests about one registration, each stopped after each of its statements while the other continues: one succeeds.
import assert from 'node:assert/strict'

import {
  assertGrown,
  countsIn,
  inEveryOrder,
  newScene,
  raceOnEachDatabase,
} from '../support/interleaving/interleaving.ts'
import { membersIn, newGroup } from '../support/people/groups.ts'
import { ask } from '../support/people/people.ts'
import { APPROVAL, mailedToken, OPEN, submitsAccount, waitingPerson } from '../support/people/registrations.ts'
import { beginsEnrolment } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

async function waitingIn({ doorward: { db } }: Server, email: string): Promise<number> {
  const rows = db.selectFrom('registration').select('id').where('email', '=', email).where('state', '=', 'waiting')
  return (await rows.execute()).length
}

async function usersWith({ doorward: { db } }: Server, email: string): Promise<number> {
  return (await db.selectFrom('users').select('id').where('email', '=', email).execute()).length
}

raceOnEachDatabase('of two uses of one registration link one waits', async (t, dialect, steps) => {
  const { parties, server } = await newScene(t, dialect, APPROVAL)
  let person = 0
  await inEveryOrder(parties, steps, async () => {
    const email = `person-${++person}@example.org`
    const token = await mailedToken(server, email)
    return {
      asking: [
        (node) => submitsAccount(node, token, { username: `one-${person}` }),
        (node) => submitsAccount(node, token, { username: `other-${person}` }),
      ],
      one: { success: 200, refusals: [404, 409] },
      assertAfter: async () => assert.equal(await waitingIn(server, email), 1),
    }
  })
})

leaveToTestAll()

raceOnEachDatabase('of two registrations of one address one waits', async (t, dialect, steps) => {
  const { parties, server } = await newScene(t, dialect, APPROVAL)
  let person = 0
  await inEveryOrder(parties, steps, async () => {
    const email = `person-${++person}@example.org`
    const tokens = [await mailedToken(server, email), await mailedToken(server, email)] as const
    return {
      asking: [
        (node) => submitsAccount(node, tokens[0], { username: `one-${person}` }),
        (node) => submitsAccount(node, tokens[1], { username: `other-${person}` }),
      ],
      one: { success: 200, refusals: [409] },
      assertAfter: async () => assert.equal(await waitingIn(server, email), 1),
    }
  })
})

raceOnEachDatabase('of two registrations that claim one username one waits', async (t, dialect, steps) => {
  const { parties, server } = await newScene(t, dialect, APPROVAL)
  let person = 0
  await inEveryOrder(parties, steps, async () => {
    const username = `wanted-${++person}`
    const tokens = [
      await mailedToken(server, `one-${person}@example.org`),
      await mailedToken(server, `other-${person}@example.org`),
    ] as const
    return {
      asking: [
        (node) => submitsAccount(node, tokens[0], { username }),
        (node) => submitsAccount(node, tokens[1], { username: username.toUpperCase() }),
      ],
      one: { success: 200, refusals: [409] },
      assertAfter: async () => {
        const rows = server.doorward.db.selectFrom('registration').select('id').where('username_key', '=', username)
        assert.equal((await rows.execute()).length, 1)
      },
    }
  })
})

raceOnEachDatabase('of an approval and a refusal of one registration one is done', async (t, dialect, steps) => {
  const { parties, server, root } = await newScene(t, dialect, APPROVAL)
  let person = 0
  await inEveryOrder(parties, steps, async () => {
    const email = `person-${++person}@example.org`
    const id = await waitingPerson(server, `person-${person}`, email)
    return {
      asking: [
        (node) => asks(node, root, 'POST', `/registrations/${id}/approve`),
        (node) => asks(node, root, 'POST', `/registrations/${id}/decline`, { reason: 'Only for staff' }),
      ],
      assertAfter: async ([approved, declined]) => {
        const statuses = [approved.status, declined.status]
        assert.ok(['200,404', '404,204'].includes(statuses.join()), statuses.join())
        assert.equal(await usersWith(server, email), approved.status === 200 ? 1 : 0)
        const mails = server.doorward.db.selectFrom('outbox').select('template').where('recipient', '=', email)
        const decisions = (await mails.execute()).filter(({ template }) => template !== 'registration')
        assert.equal(decisions.length, 1, 'the person is told of both')
      },
    }
  })
})

raceOnEachDatabase(
  'of a registration and an admin who create a user with one address, one does',
  async (t, dialect, steps) => {
    const { parties, server, root } = await newScene(t, dialect, OPEN)
    let person = 0
    await inEveryOrder(parties, steps, async () => {
      const email = `person-${++person}@example.org`
      const token = await mailedToken(server, email)
      const { body } = await submitsAccount(server, token, { username: `one-${person}` })
      const payload = await beginsEnrolment(server, body['attempt'])
      const before = await countsIn(server)
      return {
        asking: [
          (node) => ask(node, 'POST', '/attempts/totp/confirm', { payload }),
          (node) => asks(node, root, 'POST', '/users', { username: `other-${person}`, email }),
        ],
        one: { success: 200, refusals: [409] },
        assertAfter: async ([confirmed]) => {
          assert.equal(await usersWith(server, email), 1)
          const done = confirmed.status === 200 ? 1 : 0
          await assertGrown(server, before, { sessions: done, attempts: done })
        },
      }
    })
  },
)

raceOnEachDatabase(
  'a person who registers while a group of the setting is deleted registers without it',
  async (t, dialect, steps) => {
    const { parties, server, root } = await newScene(t, dialect, { ...OPEN, registration_groups: 'Members; Choir' })
    const members = await newGroup(root, 'Members')
    let [person, choir] = [0, '']
    await inEveryOrder(parties, steps, async () => {
      const username = `person-${++person}`
      await root.signsIn()
      // The registration that counts the statements leaves its group behind.
      if (choir !== '') await root.asks('DELETE', `/groups/${choir}`)
      choir = await newGroup(root, 'Choir')
      const token = await mailedToken(server, `${username}@example.org`)
      const { body } = await submitsAccount(server, token, { username })
      const payload = await beginsEnrolment(server, body['attempt'])
      const path = `/groups/${choir}`
      return {
        asking: [
          (node) => ask(node, 'POST', '/attempts/totp/confirm', { payload }),
          (node) => asks(node, root, 'DELETE', path),
        ],
        assertAfter: async ([confirmed, deleted]) => {
          assert.deepEqual([confirmed.status, deleted.status], [200, 204], confirmed.raw.body)
          assert.ok((await membersIn(server, members)).includes(username))
        },
      }
    })
  },
)
