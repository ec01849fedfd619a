// Two concurrent changes of accounts: following one link, demoting each other, taking one name. Each request is stopped after each
// of its statements while the other continues: one succeeds, the other is refused, and nothing is half written.
import assert from 'node:assert/strict'

import { Secret } from '#foundation/kernel/secret.ts'
import { hours, toRfc3339 } from '#foundation/kernel/time.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import {
  type Asking,
  assertGrown,
  countsIn,
  inEveryOrder,
  interleaveOnEachDatabase,
  newScene,
  raceOnEachDatabase,
  twoParties,
} from '../support/interleaving/interleaving.ts'
import { ask, newcomer, PASSWORD } from '../support/people/people.ts'
import { beginsEnrolment } from '../support/people/second-factors.ts'
import { idOf, invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { actingAdmins, asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

/** The confirmation of an enrolment that lacks only its code. */
async function confirming(server: Server, attempt: unknown): Promise<Asking> {
  const payload = await beginsEnrolment(server, attempt)
  return (node) => ask(node, 'POST', '/attempts/totp/confirm', { payload })
}

interleaveOnEachDatabase('an invitation enrols one of two concurrent requests', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  let guests = 0
  await inEveryOrder(parties, 'each against the whole', async () => {
    const token = invitationIn(await root.asks('POST', '/users', { username: `guest-${++guests}` }))
    const accept = async (password: string): Promise<Asking> => {
      const { body } = await ask(server, 'POST', '/invitations/accept', { payload: { token, password } })
      return confirming(server, body['attempt'])
    }
    const asking = [await accept('four rather calm words'), await accept('five even calmer plain words')] as const
    const before = await countsIn(server)
    const apps = await appsIn(server)
    return {
      asking,
      one: { success: 200, refusals: [401, 404] },
      assertAfter: async () => {
        await assertGrown(server, before, { attempts: 1 })
        assert.equal(await appsIn(server), apps + 1, 'more than one app was enrolled')
      },
    }
  })
})

leaveToTestAll()

async function appsIn({ doorward: { db } }: Server): Promise<number> {
  return (await db.selectFrom('totp_factor').select('id').execute()).length
}

interleaveOnEachDatabase('of two concurrent uses of a set-up link, one creates an admin', async (t, dialect) => {
  const parties = await twoParties(t, dialect)
  const { server } = parties[0]
  await inEveryOrder(parties, 'each against the whole', async () => {
    for (const table of ['users', 'session', 'attempt', 'link', 'totp_factor', 'recovery_code'] as const)
      await server.doorward.db.deleteFrom(table).execute()
    const issued = await issueSetupLink(server.operator())
    assert.ok(issued)
    const follow = async (username: string): Promise<Asking> => {
      const wanted = { token: issued.token, password: Secret.of(PASSWORD), username, email: null, fullName: null }
      return confirming(server, (await beginSetup(server.operator(), wanted)).attempt.reveal())
    }
    const asking = [await follow('ada'), await follow('bob')] as const
    const before = await countsIn(server)
    return {
      asking,
      one: { success: 200, refusals: [404, 409] },
      assertAfter: async () => {
        await assertGrown(server, before, { attempts: 1 })
        assert.equal(await actingAdmins(server), 1)
        assert.equal(await appsIn(server), 1)
      },
    }
  })
})

raceOnEachDatabase('of two admins who demote each other one stays an admin', async (t, dialect, steps) => {
  const { parties, server, root } = await newScene(t, dialect)
  const { db } = server.doorward
  const rival = await (await newcomer(root, 'rival', { role: 'admin' })).signsIn()
  await root.signsIn()
  const ids = [await idOf(root), await idOf(rival)]
  const rows = await db.selectFrom('users').select(['id', 'role', 'credential_epoch']).execute()
  await inEveryOrder(parties, steps, async () => {
    for (const { id, ...row } of rows) await db.updateTable('users').set(row).where('id', '=', id).execute()
    await db.updateTable('session').set({ revoked_at: null }).execute()
    return {
      asking: [
        (node) => asks(node, root, 'PATCH', `/users/${ids[1]}`, { role: 'user' }),
        (node) => asks(node, rival, 'PATCH', `/users/${ids[0]}`, { role: 'user' }),
      ],
      one: { success: 200, refusals: [401, 403, 409] },
      assertAfter: async () => assert.equal(await actingAdmins(server), 1),
    }
  })
})

raceOnEachDatabase('of two users who take one name at once, one gets it', async (t, dialect, steps) => {
  const { parties, server, root, ada } = await newScene(t, dialect)
  const bob = await (await newcomer(root, 'bob')).signsIn()
  await ada.signsIn()
  let wanted = 0
  await inEveryOrder(parties, steps, async () => {
    const name = `wanted-${++wanted}`
    return {
      asking: [
        (node) => asks(node, ada, 'PATCH', '/users/me', { username: name }),
        (node) => asks(node, bob, 'PATCH', '/users/me', { username: name.toUpperCase() }),
      ],
      one: { success: 200, refusals: [409] },
      assertAfter: async () => {
        const { db } = server.doorward
        const named = db.selectFrom('users').select('id').where('username_key', '=', name)
        assert.equal((await named.execute()).length, 1)
        const words = db.selectFrom('user_search').select('user_id').where('words', 'like', `%${name}%`)
        assert.equal((await words.execute()).length, 1, 'the search box has another name than the row')
      },
    }
  })
})

raceOnEachDatabase('of two admins who end each other’s accounts, one is refused', async (t, dialect, steps) => {
  const { parties, server, root } = await newScene(t, dialect)
  const { db } = server.doorward
  const rival = await (await newcomer(root, 'rival', { role: 'admin' })).signsIn()
  await root.signsIn()
  const ids = [await idOf(root), await idOf(rival)]
  const end = toRfc3339(server.clock.now() + hours(1))
  await inEveryOrder(parties, steps, async () => {
    await db.updateTable('users').set({ expires_at: null }).execute()
    return {
      asking: [
        (node) => asks(node, root, 'PATCH', `/users/${ids[1]}`, { expires_at: end }),
        (node) => asks(node, rival, 'PATCH', `/users/${ids[0]}`, { expires_at: end }),
      ],
      one: { success: 200, refusals: [409] },
      assertAfter: async () => {
        const endless = db.selectFrom('users').select('id').where('role', '=', 'admin').where('expires_at', 'is', null)
        assert.equal((await endless.execute()).length, 1, 'no admin without an end is left')
      },
    }
  })
})

interleaveOnEachDatabase(
  'an invitation that is accepted while it is sent again enrols at most once',
  async (t, dialect) => {
    const { parties, server, root } = await newScene(t, dialect)
    let guests = 0
    await inEveryOrder(parties, 'each against the whole', async () => {
      const created = await root.asks('POST', '/users', { username: `guest-${++guests}` })
      const { id, subject } = created.body
      const payload = { token: invitationIn(created), password: PASSWORD }
      const accepted = await ask(server, 'POST', '/invitations/accept', { payload })
      const apps = await appsIn(server)
      return {
        asking: [
          await confirming(server, accepted.body['attempt']),
          (node) => asks(node, root, 'POST', `/users/${String(id)}/invitation`, {}),
        ],
        assertAfter: async ([confirmed, resent]) => {
          const enrolled = (await appsIn(server)) - apps
          assert.equal(enrolled, confirmed.status === 200 ? 1 : 0)
          const { db } = server.doorward
          const open = db
            .selectFrom('link')
            .select('id')
            .where('purpose', '=', 'invitation')
            .where('consumed_at', 'is', null)
          const left = await open.where('subject', '=', String(subject)).execute()
          // The acceptance ends every invitation; before it, a resend withdraws the link that is being accepted.
          assert.equal(left.length, enrolled === 1 ? 0 : 1)
          assert.ok(enrolled === 1 || resent.status === 200, resent.raw.body)
        },
      }
    })
  },
)
