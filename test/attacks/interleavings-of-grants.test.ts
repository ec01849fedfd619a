// Two concurrent requests at two nodes, each stopped after each of its statements while the other continues: whoever ends what apps got ends
// also what one of them is just getting.
import assert from 'node:assert/strict'

import { startSession } from '#domain/sessions/session.service.ts'
import {
  type Asking,
  interleaveOnEachDatabase,
  inEveryOrder,
  newScene,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { type Authorization, authorizationOf, REDIRECT_URI, registerApp } from '../support/openid/apps.ts'
import { exchangeAs, type GivenCode } from '../support/openid/attack-scene.ts'
import { newGroup } from '../support/people/groups.ts'
import { ask, type Person, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

leaveToTestAll()

interleaveOnEachDatabase(
  'a user whom an admin signs out everywhere leaves no app a code that outlives the session',
  async (t, dialect) => {
    const { parties, server, root, ada } = await newScene(t, dialect)
    const app = await registerApp(server, { scopes: ['openid', 'offline_access'] })
    const user = await rowOf(ada)
    let codes = 0
    await inEveryOrder(parties, 'each against the whole', async () => {
      const of = { user: await rowOf(ada), methods: ['password', 'totp'], transport: 'cookie' } as const
      const { token, session } = await startSession(server.operator(), of)
      const { url } = await authorizationOf(app, { scope: 'openid offline_access' })
      const headers = { cookie: `session=${token.reveal()}` }
      return {
        asking: [
          (node) => ask(node, 'GET', url.pathname + url.search, { headers }),
          (node) => asks(node, root, 'POST', `/users/${user.id}/sign-out`),
        ],
        assertAfter: async ([authorization, signOut]) => {
          assert.equal(signOut.status, 200)
          const { location = '' } = authorization.raw.headers
          codes += Number(new URL(String(location), url).searchParams.has('code'))
          const rows = await server.doorward.db
            .selectFrom('client_grant')
            .select('id')
            .where('session_id', '=', session.id)
            .where('revoked_at', 'is', null)
            .execute()
          assert.deepEqual(rows, [], String(location))
        },
      }
    })
    assert.ok(codes > 0, 'no authorization was finished')
  },
)

/** A new session of the user, as the cookie of a browser. */
async function cookieOf(server: Server, who: Person): Promise<string> {
  const of = { user: await rowOf(who), methods: ['password', 'totp'], transport: 'cookie' } as const
  return `session=${(await startSession(server.operator(), of)).token.reveal()}`
}

function authorizes(node: Server, cookie: string, { url }: Authorization): Promise<Reply> {
  return ask(node, 'GET', url.pathname + url.search, { headers: { cookie } })
}

/** The code that an answer leads to the app with; undefined where the browser is led elsewhere. */
function codeIn({ raw }: Reply, asked: Authorization): GivenCode | undefined {
  const code = new URL(String(raw.headers.location), asked.url).searchParams.get('code')
  return code === null ? undefined : { ...asked, code, redirectUri: REDIRECT_URI }
}

/** What a user may lose while an app gets something, and how it comes back. */
interface Loss {
  readonly loses: Asking
  readonly returns: () => Promise<Reply>
}

async function lossOfGroup({ root, ada }: Scene, group: string): Promise<Loss> {
  const { id } = await rowOf(ada)
  const path = `/groups/${group}/members/${id}`
  return { loses: (node) => asks(node, root, 'DELETE', path), returns: () => root.asks('PUT', path) }
}

async function lossOfRole({ root, ada }: Scene): Promise<Loss> {
  const { id } = await rowOf(ada)
  const becomes = (node: Server, role: string) => asks(node, root, 'PATCH', `/users/${id}`, { role })
  return { loses: (node) => becomes(node, 'crew'), returns: () => becomes(root.server, 'user') }
}

for (const [what, fields] of [
  ['group', {}],
  ['role', { allowedRoles: ['user'] }],
] as const)
  interleaveOnEachDatabase(
    `a user who loses the ${what} while an app gets a code leaves it none that can be exchanged`,
    async (t, dialect) => {
      // The library reads the machine’s clock, in the other process too, so that of the server stands there.
      const scene = await newScene(t, dialect, {}, new TestClock(Date.now()))
      const { parties, server, root, ada } = scene
      assert.equal((await root.asks('POST', '/roles', { name: 'crew', permissions: [] })).status, 200)
      const group = await newGroup(root, 'Staff', { members: [ada] })
      const scopes = ['openid', 'offline_access'] as const
      const app = await registerApp(server, { scopes, ...(what === 'group' ? { allowedGroups: [group] } : fields) })
      const { loses, returns } = what === 'group' ? await lossOfGroup(scene, group) : await lossOfRole(scene)
      let codes = 0
      await inEveryOrder(parties, 'each against the whole', async () => {
        await returns()
        const [cookie, asked] = [await cookieOf(server, ada), await authorizationOf(app, { scope: scopes.join(' ') })]
        return {
          asking: [(node) => authorizes(node, cookie, asked), loses],
          assertAfter: async ([authorization]) => {
            const code = codeIn(authorization, asked)
            if (code === undefined) return
            codes += 1
            assert.equal((await exchangeAs(server, app, code)).status, 400)
            // It is the loss that refuses it: back in time, the code is worth tokens.
            await returns()
            if (what === 'group') assert.equal((await exchangeAs(server, app, code)).status, 200)
          },
        }
      })
      assert.ok(codes > 0, 'no authorization was finished')
    },
  )
