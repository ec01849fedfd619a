// Two concurrent requests at two nodes, each stopped after each of its statements while the other continues: whoever ends what apps got ends
// also what one of them is just getting.
import assert from 'node:assert/strict'

import { startSession } from '#domain/sessions/session.service.ts'
import { interleaveOnEachDatabase, inEveryOrder, newScene } from '../support/interleaving/interleaving.ts'
import { authorizationOf, registerApp } from '../support/openid/apps.ts'
import { ask } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

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
