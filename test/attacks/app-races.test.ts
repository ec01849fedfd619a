// Codes and refresh tokens of apps at two nodes at once, and what ends them while they are exchanged: never two winners, and no token is alive
// afterwards that must not be.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { type Asking, inEveryOrder, raceOnEachDatabase } from '../support/interleaving/interleaving.ts'
import { type AppRace, appRace, assertNoFailure, browserOf, livingIn } from '../support/openid/app-race.ts'
import {
  type Authorization,
  authorizationOf,
  follow,
  pushedAuthorizationOf,
  REDIRECT_URI,
  registerApp,
  type TestApp,
} from '../support/openid/apps.ts'
import { codeFor, exchangeAs, isAlive, postAs, refreshAs } from '../support/openid/attack-scene.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { newGroup } from '../support/people/groups.ts'
import { ask, newcomer, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks, type Nodes, twoNodes } from '../support/server/nodes.ts'

const AT_ONCE = 20

raceOnEachDatabase(
  'one code at two nodes has at most one winner, and then none with a living token',
  async (t, dialect, steps) => {
    const race = await appRace(t, dialect)
    const { server, app, ada } = race
    await inEveryOrder(race.parties, steps, async () => {
      const given = await codeFor(await browserOf(ada), app)
      const asking: Asking = (node) => exchangeAs(node, app, given)
      return {
        asking: [asking, asking],
        one: { success: 200, refusals: [400] },
        assertAfter: async (replies) => {
          assert.equal(
            await livingIn(race, replies),
            0,
            'the first one got tokens that live although the code was used twice',
          )
          assert.equal((await exchangeAs(server, app, given)).status, 400)
        },
      }
    })
  },
)

interface Ending {
  /** The role of ada before it. */
  readonly role?: 'user' | 'admin'
  /** What stands before it. */
  readonly before?: (race: AppRace) => Promise<void>
  readonly ends: (race: AppRace, family: Reply) => Promise<Asking>
}

/** What can end a family of tokens while a code or a refresh token of it is exchanged. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  'the revocation of another token of its family': {
    ends: async ({ app }, { body }) => {
      const token = String(body['refresh_token'])
      return (node) => postAs(node, app, '/token/revocation', { token })
    },
  },
  'the end of the session': {
    ends:
      async ({ ada }) =>
      (node) =>
        asks(node, ada, 'DELETE', '/users/me/sessions'),
  },
  'an admin who disables the app': {
    ends:
      async ({ root, app }) =>
      (node) =>
        asks(node, root, 'POST', `/apps/${app.client.id}/disable`),
  },
  'an admin who disables the user': {
    ends: async ({ root, ada }) => {
      const { id } = await rowOf(ada)
      return (node) => asks(node, root, 'POST', `/users/${id}/disable`)
    },
  },
  'the loss of the role': {
    role: 'admin',
    ends: async ({ root, ada }) => {
      const { id } = await rowOf(ada)
      return (node) => asks(node, root, 'PATCH', `/users/${id}`, { role: 'user' })
    },
  },
  'a policy that tightens': {
    ends: async ({ root }) => {
      const policy = { name: 'Passkeys', scope: 'role', scope_ref: 'user', second_factor: 'phishing-resistant' }
      return (node) => asks(node, root, 'POST', '/policies', policy)
    },
  },
  'the loss of the group': {
    before: async ({ server, root, ada, app }) => {
      const { db } = server.doorward
      await db.deleteFrom('user_group').execute()
      const group = await newGroup(root, 'Staff', { members: [ada] })
      const allowed_groups = JSON.stringify([group])
      await db.updateTable('client').set({ allowed_groups }).where('id', '=', app.client.id).execute()
    },
    ends: async ({ server, root, ada }) => {
      const { id } = await rowOf(ada)
      const { id: group } = await server.doorward.db.selectFrom('user_group').select('id').executeTakeFirstOrThrow()
      return (node) => asks(node, root, 'DELETE', `/groups/${group}/members/${id}`)
    },
  },
  'an app that is for another role from then on': {
    ends:
      async ({ root, app }) =>
      (node) =>
        asks(node, root, 'PATCH', `/apps/${app.client.id}`, { allowed_roles: ['admin'] }),
  },
}

const RESTORED = { disabled_at: null, allowed_roles: null, allowed_groups: null }

/** Everything is as it was before the race. */
async function restore(race: AppRace, { role = 'user', before }: Ending): Promise<void> {
  const { server, root, app, ada } = race
  const { db } = server.doorward
  await db.deleteFrom('policy_version').execute()
  await db.deleteFrom('policy').execute()
  await db.updateTable('client').set(RESTORED).where('id', '=', app.client.id).execute()
  await browserOf(root)
  const { id } = await rowOf(ada)
  await asks(server, root, 'POST', `/users/${id}/enable`)
  await asks(server, root, 'PATCH', `/users/${id}`, { role })
  await before?.(race)
}

for (const [what, ending] of Object.entries(ENDINGS)) {
  raceOnEachDatabase(`a code and ${what}: no token is alive afterwards`, async (t, dialect, steps) => {
    const race = await appRace(t, dialect)
    const { server, app, ada } = race
    await inEveryOrder(race.parties, steps, async () => {
      await restore(race, ending)
      const visitor = await browserOf(ada)
      const family = await exchangeAs(server, app, await codeFor(visitor, app))
      assert.equal(await isAlive(server, app, family.body['access_token']), true)
      const given = await codeFor(visitor, app)
      return {
        asking: [(node) => exchangeAs(node, app, given), await ending.ends(race, family)],
        assertAfter: (replies) => assertEnded(race, [family, ...replies]),
      }
    })
  })

  leaveToTestAll()

  raceOnEachDatabase(`a refresh token and ${what}: no token is alive afterwards`, async (t, dialect, steps) => {
    const race = await appRace(t, dialect)
    const { server, app, ada } = race
    await inEveryOrder(race.parties, steps, async () => {
      await restore(race, ending)
      const visitor = await browserOf(ada)
      const family = await exchangeAs(server, app, await codeFor(visitor, app))
      const { body } = await exchangeAs(server, app, await codeFor(visitor, app))
      return {
        asking: [(node) => refreshAs(node, app, body['refresh_token']), await ending.ends(race, family)],
        assertAfter: (replies) => assertEnded(race, [family, ...replies]),
      }
    })
  })
}

for (const what of [
  'an admin who disables the user',
  'the loss of the role',
  'a policy that tightens',
  'the loss of the group',
  'an app that is for another role from then on',
]) {
  raceOnEachDatabase(`a refresh token that outlives sessions and ${what}: it is over`, async (t, dialect, steps) => {
    const race = await appRace(t, dialect, { scopes: ['openid', 'profile', 'email', 'offline_access'] })
    const { server, app, ada } = race
    const ending = ENDINGS[what] ?? assert.fail()
    await inEveryOrder(race.parties, steps, async () => {
      await restore(race, ending)
      const family = await exchangeAs(server, app, await codeFor(await browserOf(ada), app))
      await server.doorward.db.updateTable('session').set({ revoked_at: 1 }).where('transport', '=', 'cookie').execute()
      const first = await refreshAs(server, app, family.body['refresh_token'])
      assert.equal(first.status, 200, 'it does not outlive the session')
      return {
        asking: [(node) => refreshAs(node, app, first.body['refresh_token']), await ending.ends(race, first)],
        assertAfter: (replies) => assertEnded(race, [family, first, ...replies]),
      }
    })
  })
}

/** The ending was accepted, nothing failed, and none of the tokens is worth anything at either node. */
async function assertEnded(race: AppRace, replies: readonly Reply[]): Promise<void> {
  assertNoFailure(replies)
  const ending = replies.at(-1)
  assert.ok(ending !== undefined && ending.status < 300, `it has not ended: ${ending?.raw.body}`)
  assert.equal(await livingIn(race, replies), 0)
  for (const { body } of replies)
    for (const { server } of race.parties)
      if (typeof body['refresh_token'] === 'string')
        assert.notEqual((await refreshAs(server, race.app, body['refresh_token'])).status, 200)
}

raceOnEachDatabase(
  'a code and the loss of its redirect URI: it is exchanged before, or never',
  async (t, dialect, steps) => {
    const race = await appRace(t, dialect)
    const { server, root, app, ada } = race
    const [uri = ''] = app.client.redirectUris
    const change =
      (redirectUris: readonly string[]): Asking =>
      (node) =>
        asks(node, root, 'PATCH', `/apps/${app.client.id}`, { redirect_uris: redirectUris })
    await inEveryOrder(race.parties, steps, async () => {
      await browserOf(root)
      await change([uri])(server)
      const given = await codeFor(await browserOf(ada), app)
      return {
        asking: [(node) => exchangeAs(node, app, given), change(['https://new.example/callback'])],
        assertAfter: async (replies) => {
          assertNoFailure(replies)
          assert.equal(replies[1].status, 200, replies[1].raw.body)
          assert.equal((await exchangeAs(server, app, given)).status, 400)
        },
      }
    })
  },
)

raceOnEachDatabase('one refresh token at two nodes gives one successor, which works', async (t, dialect, steps) => {
  const race = await appRace(t, dialect)
  const { server, app, ada } = race
  await inEveryOrder(race.parties, steps, async () => {
    const { body } = await exchangeAs(server, app, await codeFor(await browserOf(ada), app))
    const asking: Asking = (node) => refreshAs(node, app, body['refresh_token'])
    return {
      asking: [asking, asking],
      assertAfter: async (replies) => {
        assert.deepEqual(
          replies.map(({ status }) => status),
          [200, 200],
          replies.map(({ raw }) => raw.body).join('\n'),
        )
        assert.equal(new Set(replies.map((reply) => reply.body['refresh_token'])).size, 1)
        assert.equal(await livingIn(race, replies), 2)
        assert.equal((await refreshAs(server, app, replies[0].body['refresh_token'])).status, 200)
      },
    }
  })
})

raceOnEachDatabase(
  'a refresh token that is repeated while its successor is used gets that successor or nothing',
  async (t, dialect, steps) => {
    const race = await appRace(t, dialect)
    const { server, app, ada } = race
    await inEveryOrder(race.parties, steps, async () => {
      const { body: first } = await exchangeAs(server, app, await codeFor(await browserOf(ada), app))
      const { body: second } = await refreshAs(server, app, first['refresh_token'])
      return {
        asking: [
          (node) => refreshAs(node, app, first['refresh_token']),
          (node) => refreshAs(node, app, second['refresh_token']),
        ],
        assertAfter: async ([repeated, used]) => {
          assertNoFailure([repeated, used])
          if (repeated.status === 200) assert.equal(repeated.body['refresh_token'], second['refresh_token'])
          // Who comes with the old one after the successor was used has stolen it: then the family is over.
          const isOver = repeated.status !== 200
          const { status } = await refreshAs(server, app, first['refresh_token'])
          assert.equal(status, 400)
          const living = await livingIn(race, [repeated, used])
          assert.equal(living, 0, `a token is alive, and the family is ${isOver ? '' : 'not '}over before`)
        },
      }
    })
  },
)

raceOnEachDatabase(
  'two tabs that sign in to an app at once share one grant, and both codes work',
  async (t, dialect, steps) => {
    const race = await appRace(t, dialect)
    const { server, app, ada } = race
    await inEveryOrder(race.parties, steps, async () => {
      const visitor = await browserOf(ada)
      const [one, other] = [await authorizationOf(app), await authorizationOf(app)]
      return {
        asking: [opens(visitor, one), opens(visitor, other)],
        assertAfter: async (replies) => {
          for (const [index, asked] of [one, other].entries()) {
            const at = new URL(String(replies[index]?.raw.headers.location))
            const given = { ...asked, code: at.searchParams.get('code') ?? '', redirectUri: REDIRECT_URI }
            const { status, raw } = await exchangeAs(server, app, given)
            assert.equal(status, 200, raw.body)
          }
          const { sessionId } = await sessionOf(race, visitor)
          const rows = await server.doorward.db
            .selectFrom('client_session')
            .select('sid')
            .where('session_id', '=', sessionId)
            .execute()
          assert.equal(rows.length, 1)
        },
      }
    })
  },
)

function opens(visitor: Visitor, { url }: Authorization): Asking {
  const cookie = `session=${visitor.cookies.get('session')}`
  return (node) => ask(node, 'GET', url.pathname + url.search, { headers: { cookie, host: 'localhost:8000' } })
}

raceOnEachDatabase('one pushed request at two nodes gives one code', async (t, dialect, steps) => {
  const race = await appRace(t, dialect)
  const { app, ada } = race
  await inEveryOrder(race.parties, steps, async () => {
    const [visitor, other] = [await browserOf(ada), await browserOf(ada)]
    const asked = await pushedAuthorizationOf(app)
    return {
      asking: [opens(visitor, asked), opens(other, asked)],
      assertAfter: async (replies) => {
        assertNoFailure(replies)
        const codes = replies.flatMap(({ raw }) => /[?&]code=(\w+)/.exec(String(raw.headers.location))?.[1] ?? [])
        assert.equal(codes.length, 1, replies.map(({ raw }) => raw.headers.location ?? raw.body).join('\n'))
        const at = await follow(visitor, asked.url)
        assert.equal(at.searchParams.get('code'), null)
      },
    }
  })
})

async function sessionOf({ server }: AppRace, visitor: Visitor): Promise<{ sessionId: string }> {
  const token = visitor.cookies.get('session') ?? ''
  const { id } = await server.doorward.db
    .selectFrom('session')
    .select('id')
    .where('token_hash', '=', hashOf(Secret.of(token)))
    .executeTakeFirstOrThrow()
  return { sessionId: id }
}

/** Two nodes in this process, an app, and the browser of a user. */
async function crowded(t: TestContext, dialect: Dialect): Promise<{ nodes: Nodes; app: TestApp; visitor: Visitor }> {
  const { nodes, root } = await twoNodes(t, dialect)
  const ada = await newcomer(root, 'ada')
  const [first] = nodes
  shareClock(t, first)
  return { nodes, app: await registerApp(first), visitor: await browserOf(ada) }
}

function twentyOf(nodes: Nodes, asking: Asking): Promise<Reply[]> {
  return Promise.all(Array.from({ length: AT_ONCE }, (_, index) => asking(nodes[index % 2] ?? nodes[0])))
}

onEachDatabase('of twenty that present one code at once at two nodes, none keeps living tokens', async (t, dialect) => {
  const { nodes, app, visitor } = await crowded(t, dialect)
  const given = await codeFor(visitor, app)
  const replies = await twentyOf(nodes, (node) => exchangeAs(node, app, given))
  assertNoFailure(replies)
  const winners = replies.filter(({ status }) => status === 200)
  assert.ok(winners.length <= 1, `${winners.length} winners`)
  for (const { body } of winners) assert.equal(await isAlive(nodes[1], app, body['access_token']), false)
  assert.ok(await codeFor(visitor, app), 'the app cannot begin again')
})

onEachDatabase('twenty that refresh with one token at once at two nodes get one successor', async (t, dialect) => {
  const { nodes, app, visitor } = await crowded(t, dialect)
  const { body } = await exchangeAs(nodes[0], app, await codeFor(visitor, app))
  const replies = await twentyOf(nodes, (node) => refreshAs(node, app, body['refresh_token']))
  assert.deepEqual(
    replies.map(({ status }) => status),
    Array.from({ length: AT_ONCE }, () => 200),
  )
  const successors = new Set(replies.map((reply) => reply.body['refresh_token']))
  assert.equal(successors.size, 1)
  assert.equal((await refreshAs(nodes[1], app, [...successors][0])).status, 200)
  const rows = await nodes[0].doorward.db
    .selectFrom('client_token')
    .select('id')
    .where('kind', '=', 'refresh')
    .execute()
  assert.equal(rows.length, 3)
})
