// Two concurrent uses of a way back into an account, at two processes. Each request is stopped after each of its statements while the
// other continues: a link sets one password and enrols one factor, and the change that comes first ends what was proven before it.
import assert from 'node:assert/strict'

import {
  type Asking,
  inEveryOrder,
  interleaveOnEachDatabase,
  newScene,
  raceOnEachDatabase,
} from '../support/interleaving/interleaving.ts'
import { NEW_PASSWORD, resets } from '../support/people/forgotten-passwords.ts'
import { ask, PASSWORD } from '../support/people/people.ts'
import { issuedEnrolmentLink, issuedResetLink } from '../support/people/reset-links.ts'
import { beginsEnrolment, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const OTHER_PASSWORD = 'a saucepan full of clouds'

async function attemptsOf(server: Server): Promise<number> {
  return (await server.doorward.db.selectFrom('attempt').select('id').execute()).length
}

raceOnEachDatabase('of two concurrent uses of one reset link, one sets the password', async (t, dialect, steps) => {
  const { parties, server } = await newScene(t, dialect)
  await inEveryOrder(parties, steps, async () => {
    const token = await issuedResetLink(server, 'ada')
    const before = await attemptsOf(server)
    return {
      asking: [(node) => resets(node, token), (node) => resets(node, token, OTHER_PASSWORD)],
      one: { success: 200, refusals: [404] },
      assertAfter: async () => assert.equal(await attemptsOf(server), before + 1),
    }
  })
})

leaveToTestAll()

interleaveOnEachDatabase('a disabled account is not opened by a reset that runs meanwhile', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  const { id } = await rowOf({ server, username: 'ada' })
  await inEveryOrder(parties, 'each against the whole', async () => {
    await server.doorward.db.updateTable('users').set({ disabled: 0 }).where('id', '=', id).execute()
    const token = await issuedResetLink(server, 'ada')
    const headers = { authorization: `Bearer ${root.token}` }
    return {
      asking: [(node) => resets(node, token), (node) => ask(node, 'POST', `/users/${id}/disable`, { headers })],
      assertAfter: async ([reset, disabling]) => {
        assert.equal(disabling.status, 200, disabling.raw.body)
        if (reset.status !== 200) return assert.equal(reset.body['code'], 'link.unknown', reset.raw.body)
        const payload = { attempt: reset.body['attempt'], kind: 'totp', proof: '000000' }
        const next = await ask(server, 'POST', '/attempts/second-factor', { payload })
        assert.equal(next.body['code'], 'attempt.ended', next.raw.body)
      },
    }
  })
})

interleaveOnEachDatabase(
  'an address that changes while its link is used ends the link, or comes after the new password',
  async (t, dialect) => {
    const { parties, server, root } = await newScene(t, dialect)
    const { id } = await rowOf({ server, username: 'ada' })
    const headers = { authorization: `Bearer ${root.token}` }
    let changed = 0
    await inEveryOrder(parties, 'each against the whole', async () => {
      const token = await issuedResetLink(server, 'ada')
      const payload = { email: `new-${++changed}@example.org` }
      return {
        asking: [(node) => resets(node, token), (node) => ask(node, 'PATCH', `/users/${id}`, { headers, payload })],
        assertAfter: async ([reset, change]) => {
          assert.equal(change.status, 200, change.raw.body)
          // The change of the email withdraws the link, which is unknown then.
          const ended = /^link\.(used|unknown)$/
          if (reset.status !== 200) assert.match(String(reset.body['code']), ended, reset.raw.body)
          const again = await resets(server, token, OTHER_PASSWORD)
          assert.match(String(again.body['code']), ended, again.raw.body)
        },
      }
    })
  },
)

interleaveOnEachDatabase('of two concurrent enrolments by one link, one adds a factor', async (t, dialect) => {
  const { parties, server } = await newScene(t, dialect)
  await inEveryOrder(parties, 'each against the whole', async () => {
    const token = await issuedEnrolmentLink(server, 'ada')
    const accept = async (): Promise<Asking> => {
      const accepted = await ask(server, 'POST', '/enrolment-links/accept', { payload: { token, password: PASSWORD } })
      const payload = await beginsEnrolment(server, accepted.body['attempt'])
      return (node) => ask(node, 'POST', '/attempts/totp/confirm', { payload })
    }
    return {
      asking: [await accept(), await accept()],
      one: { success: 200, refusals: [401, 404] },
      assertAfter: async () =>
        assert.equal((await server.doorward.db.selectFrom('totp_factor').select('id').execute()).length, 2),
    }
  })
})

interleaveOnEachDatabase('an enrolment does not outlive a password that is reset meanwhile', async (t, dialect) => {
  const { parties, server } = await newScene(t, dialect)
  await inEveryOrder(parties, 'each against the whole', async () => {
    await issuedEnrolmentLink(server, 'ada')
    const token = await issuedResetLink(server, 'ada')
    await server.doorward.db
      .updateTable('users')
      .set({ hashed_password: await hashOfPassword(server) })
      .where('username', '=', 'ada')
      .execute()
    const begun = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } })
    const payload = await beginsEnrolment(server, begun.body['attempt'])
    return {
      asking: [
        (node) => ask(node, 'POST', '/attempts/totp/confirm', { payload }),
        (node) => resets(node, token, NEW_PASSWORD),
      ],
      one: { success: 200, refusals: [401, 404] },
      assertAfter: async () => undefined,
    }
  })
})

/** The hash of PASSWORD, which each round restores. */
async function hashOfPassword({ doorward: { db } }: Server): Promise<string> {
  const row = await db.selectFrom('users').select('hashed_password').where('username', '=', 'root').executeTakeFirst()
  return row?.hashed_password ?? ''
}
