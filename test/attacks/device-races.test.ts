// Devices at two nodes at once: two users with one code, an answer and its opposite, a poll beside another one, and what ends an app or a user while
// one of its devices is allowed. Never two winners, and no token is alive afterwards that must not be.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { type Asking, inEveryOrder, raceOnEachDatabase } from '../support/interleaving/interleaving.ts'
import { type AppRace, appRace, assertNoFailure, browserOf, livingIn } from '../support/openid/app-race.ts'
import { type AskedCodes, codesFor, PLAYER, poll, typesCode } from '../support/openid/devices.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { ask, type Person, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

function deviceRace(t: TestContext, dialect: Dialect): Promise<AppRace> {
  return appRace(t, dialect, { ...PLAYER, scopes: ['openid', 'profile', 'offline_access'] })
}

/** The request with which a user who has typed the code allows or denies the device. */
async function answering(person: Person, { userCode }: AskedCodes, word: 'allow' | 'deny'): Promise<Asking> {
  const visitor = await browserOf(person)
  const { body } = await visitor.open('/oidc/device')
  const fields = await typesCode(visitor, userCode)
  const [, token = ''] = /name="form_token"\s+value="([^"]+)"/.exec(body) ?? []
  const payload = new URLSearchParams({ ...fields, form_token: token }).toString()
  const headers = { ...headersOf(visitor), 'content-type': 'application/x-www-form-urlencoded' }
  return (node) => ask(node, 'POST', `/oidc/device/${word}`, { payload, headers })
}

function headersOf(visitor: Visitor): Record<string, string> {
  const origin = 'http://localhost:8000'
  return { cookie: `session=${visitor.cookies.get('session')}`, host: 'localhost:8000', origin, accept: 'text/html' }
}

/** A lost race counts as a wrong code, and there are many. */
async function forgetGuesses({ server }: AppRace): Promise<void> {
  await server.doorward.db.deleteFrom('throttle_bucket').execute()
}

function hasAllowed({ raw }: Reply): boolean {
  return raw.body.includes('The device is signed in')
}

raceOnEachDatabase(
  'of two users who allow one device at two nodes, one is signed in on it',
  async (t, dialect, steps) => {
    const race = await deviceRace(t, dialect)
    const { server, app, ada, root } = race
    await inEveryOrder(race.parties, steps, async () => {
      await forgetGuesses(race)
      const codes = await codesFor(server, app)
      return {
        asking: [await answering(ada, codes, 'allow'), await answering(root, codes, 'allow')],
        assertAfter: async (replies) => {
          assertNoFailure(replies)
          assert.equal(replies.filter(hasAllowed).length, 1, replies.map(({ raw }) => raw.body).join('\n'))
          const [winner] = [ada, root].filter((_, index) => hasAllowed(replies[index] ?? assert.fail()))
          const { body } = await poll(server, app, codes)
          const info = await ask(server, 'GET', '/oidc/me', {
            headers: { authorization: `Bearer ${String(body['access_token'])}` },
          })
          assert.equal(info.body['preferred_username'], winner?.username)
          const grants = await server.doorward.db.selectFrom('client_grant').select('id').execute()
          const given = await server.doorward.db
            .selectFrom('client_token')
            .select('id')
            .where('kind', '=', 'device')
            .where('grant_id', 'is not', null)
            .execute()
          assert.equal(grants.length, given.length, 'a loser has opened a grant')
        },
      }
    })
  },
)

leaveToTestAll()

raceOnEachDatabase('a device that is allowed and denied at once is one of both', async (t, dialect, steps) => {
  const race = await deviceRace(t, dialect)
  const { server, app, ada, root } = race
  await inEveryOrder(race.parties, steps, async () => {
    await forgetGuesses(race)
    const codes = await codesFor(server, app)
    return {
      asking: [await answering(ada, codes, 'allow'), await answering(root, codes, 'deny')],
      assertAfter: async (replies) => {
        assertNoFailure(replies)
        const { status, body } = await poll(server, app, codes)
        const isDenied = replies[1].raw.body.includes('isn’t signed in')
        assert.equal(hasAllowed(replies[0]), !isDenied)
        if (isDenied) assert.equal(body['error'], 'access_denied')
        else assert.equal(status, 200)
      },
    }
  })
})

raceOnEachDatabase(
  'two polls at two nodes have at most one winner, and then none with a living token',
  async (t, dialect, steps) => {
    const race = await deviceRace(t, dialect)
    const { server, app, ada } = race
    await inEveryOrder(race.parties, steps, async () => {
      await forgetGuesses(race)
      const codes = await codesFor(server, app)
      assert.ok(hasAllowed(await (await answering(ada, codes, 'allow'))(server)))
      const asking: Asking = (node) => poll(node, app, codes)
      return {
        asking: [asking, asking],
        one: { success: 200, refusals: [400] },
        assertAfter: async (replies) => {
          assert.equal(await livingIn(race, replies), 0)
          assert.equal((await poll(server, app, codes)).status, 400)
        },
      }
    })
  },
)

raceOnEachDatabase(
  'a poll beside the answer of the user is told to wait, or has the tokens',
  async (t, dialect, steps) => {
    const race = await deviceRace(t, dialect)
    const { server, app, ada } = race
    await inEveryOrder(race.parties, steps, async () => {
      await forgetGuesses(race)
      const codes = await codesFor(server, app)
      return {
        asking: [(node) => poll(node, app, codes), await answering(ada, codes, 'allow')],
        assertAfter: async ([polled, answered]) => {
          assertNoFailure([polled, answered])
          assert.ok(hasAllowed(answered), answered.raw.body)
          if (polled.status === 200) return
          assert.equal(polled.body['error'], 'authorization_pending')
          assert.equal((await poll(server, app, codes)).status, 200, 'the answer was lost')
        },
      }
    })
  },
)

interface Ending {
  readonly ends: (race: AppRace) => Promise<Asking>
  readonly undo: (race: AppRace) => Promise<unknown>
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  'an admin who disables the app': {
    ends:
      async ({ root, app }) =>
      (node) =>
        asks(node, root, 'POST', `/apps/${app.client.id}/disable`),
    undo: async ({ root, app, server }) => {
      await browserOf(root)
      return asks(server, root, 'POST', `/apps/${app.client.id}/enable`)
    },
  },
  'an admin who ends its sign-ins by disabling the user': {
    ends: async ({ root, ada }) => {
      const { id } = await rowOf(ada)
      return (node) => asks(node, root, 'POST', `/users/${id}/disable`)
    },
    undo: async ({ root, ada, server }) => {
      const { id } = await rowOf(ada)
      await browserOf(root)
      return asks(server, root, 'POST', `/users/${id}/enable`)
    },
  },
  'an admin who signs the user out everywhere': {
    ends: async ({ root, ada }) => {
      const { id } = await rowOf(ada)
      return (node) => asks(node, root, 'POST', `/users/${id}/sign-out`)
    },
    undo: ({ root }) => browserOf(root),
  },
}

for (const [what, { ends, undo }] of Object.entries(ENDINGS)) {
  raceOnEachDatabase(
    `a device that may outlive the session, and ${what}: it gets nothing afterwards`,
    async (t, dialect, steps) => {
      const race = await deviceRace(t, dialect)
      const { server, app, ada } = race
      await inEveryOrder(race.parties, steps, async () => {
        await undo(race)
        await forgetGuesses(race)
        const codes = await codesFor(server, app, { scope: 'openid offline_access' })
        return {
          asking: [await answering(ada, codes, 'allow'), await ends(race)],
          assertAfter: async (replies) => {
            assertNoFailure(replies)
            const ending = replies[1]
            assert.ok(ending.status < 300, `it has not ended: ${ending.raw.body}`)
            // Where the app or the user may go on, what was ended stays so.
            await undo(race)
            const { status, body } = await poll(server, app, codes)
            assert.equal(status, 400, JSON.stringify(body))
          },
        }
      })
    },
  )
}
