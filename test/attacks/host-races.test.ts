// The one-time code of a protected host, entered at one node while another node ends what it is for: in every order, no cookie opens the host
// afterwards, and a code has one winner.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import { createHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { forwarded, HostBrowser, NAVIGATION, protect, TRUSTING, verify, WIKI } from '../support/hosts/protected-site.ts'
import { followIn } from '../support/hosts/signs-in.ts'
import {
  type Asking,
  inEveryOrder,
  newScene,
  raceOnEachDatabase,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { assertNoFailure, browserOf } from '../support/openid/app-race.ts'
import { newcomer, type Person, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

const AT = `https://${WIKI}`
const COOKIE = '__Host-doorward'

/** Returns what enters the host with a code of a user, in the browser that left for it. */
async function entering({ server }: Scene, person: Person): Promise<Asking> {
  const browser = new HostBrowser(server, await browserOf(person))
  const enter = (await followIn(browser, `${AT}/page`, 3)).slice(AT.length)
  assert.match(enter, /^\/\.doorward\/enter\?code=dwhc_/)
  const cookie = [...browser.cookiesOf()].map(([name, value]) => `${name}=${value}`).join('; ')
  return async (node) => replyOf(await forwarded(node, enter, enter, { headers: { ...NAVIGATION, cookie } }))
}

function replyOf(raw: LightMyRequestResponse): Reply {
  return { status: raw.statusCode, body: {}, raw }
}

/** The cookie of the host that an answer sets; undefined if it sets none. An answer of the other process has only its headers. */
function cookieIn({ raw }: Reply): string | undefined {
  const set = [raw.headers['set-cookie'] ?? []].flat().map((line) => /^__Host-doorward=([^;]+)/.exec(line)?.[1])
  return set.find((value) => value !== undefined)
}

async function opens({ server }: Scene, cookie: string): Promise<boolean> {
  const { statusCode } = await verify(server, '/page', { headers: { cookie: `${COOKIE}=${cookie}` } })
  return statusCode === 204
}

raceOnEachDatabase('a code of a host at two nodes has one winner', async (t, dialect, steps) => {
  const scene = await newScene(t, dialect, TRUSTING)
  await protect(scene.server)
  await inEveryOrder(scene.parties, steps, async () => {
    const asking = await entering(scene, scene.ada)
    return {
      asking: [asking, asking],
      assertAfter: async (replies) => {
        assertNoFailure(replies)
        const cookies = replies.flatMap((reply) => cookieIn(reply) ?? [])
        assert.deepEqual([cookies.length, await opens(scene, cookies[0] ?? '')], [1, true])
      },
    }
  })
})

leaveToTestAll()

/** What can end what a code is for, for a user of its own. */
const ENDINGS: Readonly<Record<string, (scene: Scene, person: Person) => Promise<Asking>>> = {
  'the end of the session': async (_scene, person) => (node) => asks(node, person, 'DELETE', '/users/me/sessions'),
  'an admin who disables the user': async ({ root }, person) => {
    const { id } = await rowOf(person)
    return (node) => asks(node, root, 'POST', `/users/${id}/disable`)
  },
  'an admin who deletes the user': async ({ root }, person) => {
    const { id } = await rowOf(person)
    return (node) => asks(node, root, 'DELETE', `/users/${id}`)
  },
  'an admin who deletes the host':
    async ({ root }) =>
    (node) =>
      asks(node, root, 'DELETE', `/hosts/${WIKI}`),
}

for (const [what, ending] of Object.entries(ENDINGS)) {
  raceOnEachDatabase(`a code of a host and ${what}: no cookie opens it afterwards`, async (t, dialect, steps) => {
    const scene = await newScene(t, dialect, TRUSTING)
    const { server, root } = scene
    const { db } = server.doorward
    let round = 0
    await inEveryOrder(scene.parties, steps, async () => {
      await db.deleteFrom('protected_host').execute()
      await protect(server)
      await browserOf(root)
      const person = await newcomer(root, `user-${++round}`)
      const enters = await entering(scene, person)
      const ends = await ending(scene, person)
      return {
        asking: [enters, ends],
        assertAfter: async (replies) => {
          assertNoFailure(replies)
          const [entered, ended] = replies
          assert.ok(ended.status < 300, ended.raw.body)
          const cookie = cookieIn(entered)
          // A host of the same name is another one.
          if (what.endsWith('the host')) await createHost(server.operator(), { name: WIKI })
          assert.equal(cookie !== undefined && (await opens(scene, cookie)), false)
          assert.equal(cookieIn(await enters(server)), undefined, 'the code works afterwards')
        },
      }
    })
  })
}
