// The number of statements of what an app asks: an app that everyone may use pays nothing for those that are restricted.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { ClientFields } from '#domain/clients/client.ts'
import { giveConsent } from '#domain/grants/consent.service.ts'
import { inTransaction } from '#foundation/context.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { answerAt, authorizationOf, registerApp, type TestApp } from '../support/openid/apps.ts'
import { codeFor, exchangeAs, postAs, refreshAs } from '../support/openid/attack-scene.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { ownPageScene } from '../support/pages/page-scenes.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { newGroup } from '../support/people/groups.ts'
import { ask } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

/** How many statements each request of an app takes after the first of its kind. */
type Counts = Readonly<Record<'authorization' | 'exchange' | 'refresh' | 'introspection' | 'userinfo', number>>

async function countsOf(server: Server, heard: readonly string[], app: TestApp, browser: Visitor): Promise<Counts> {
  const counted = async <Answer>(work: () => Promise<Answer>): Promise<readonly [number, Answer]> => {
    const before = heard.length
    const answer = await work()
    return [heard.length - before, answer]
  }
  const quiet = await authorizationOf(app, { prompt: 'none' })
  const [authorization, at] = await counted(() => answerAt(browser, app, quiet))
  assert.ok(at.searchParams.has('code'), String(at))
  const code = await codeFor(browser, app)
  const [exchange, { body, status }] = await counted(() => exchangeAs(server, app, code))
  assert.equal(status, 200)
  const [refresh, { body: next }] = await counted(() => refreshAs(server, app, body['refresh_token']))
  const token = String(next['access_token'])
  const [introspection, { body: state }] = await counted(() => postAs(server, app, '/token/introspection', { token }))
  const headers = { authorization: `Bearer ${token}` }
  const [userinfo, { status: info }] = await counted(() => ask(server, 'GET', '/oidc/me', { headers }))
  assert.deepEqual([state['active'], info], [true, 200])
  return { authorization, exchange, refresh, introspection, userinfo }
}

interface Compared {
  readonly open: Counts
  /** What a restricted app takes more. */
  readonly more: (fields: Partial<ClientFields>) => Promise<readonly number[]>
  readonly group: string
}

async function compared(t: TestContext, dialect: Dialect): Promise<Compared> {
  const heard: string[] = []
  const { server, admin, ada, browser } = await ownPageScene(t, { dialect, onStatement: (text) => heard.push(text) })
  const group = await newGroup(admin, 'Staff', { members: [ada] })
  shareClock(t, server)
  let apps = 0
  const counts = async (fields: Partial<ClientFields>): Promise<Counts> => {
    const app = await registerApp(server, { name: `App ${++apps}`, ...fields })
    // The first of a kind is prepared, and notes that the secret was used.
    await countsOf(server, heard, app, browser)
    return countsOf(server, heard, app, browser)
  }
  const open = await counts({})
  const more = async (fields: Partial<ClientFields>): Promise<readonly number[]> =>
    Object.entries(await counts(fields)).map(([name, count]) => count - open[name as keyof Counts])
  return { open, more, group }
}

onEitherDatabase(
  'a restricted app takes one statement more where groups decide, and none otherwise',
  async (t, dialect) => {
    const { more, group } = await compared(t, dialect)
    const strict = { leastAssurance: 'two-factors', maxAge: 3600 } as const
    assert.deepEqual(await more({ ...strict, allowedGroups: [group] }), [1, 1, 1, 1, 1])
    assert.deepEqual(await more({ ...strict, allowedRoles: ['user'], allowedGroups: [group] }), [0, 0, 0, 0, 0])
  },
)

leaveToTestAll()

onEitherDatabase(
  'the list of apps to which a user is signed in takes as many statements for three apps as for one',
  async (t, dialect) => {
    const heard: string[] = []
    const { server, ada, browser } = await ownPageScene(t, { dialect, onStatement: (text) => heard.push(text) })
    const { subject } = await rowOf(ada)
    const statements = async (apps: number): Promise<number> => {
      const { client } = await registerApp(server, { name: `App ${apps}`, trusted: false })
      await inTransaction(server.operator(), (tx) => giveConsent(tx, client, subject, ['scope:profile']))
      await browser.page('/account/apps')
      heard.length = 0
      const { text } = (await browser.page('/account/apps')).part('sign-ins')
      assert.deepEqual(text.match(/App \d/g)?.length, 2 * apps, text)
      return heard.length
    }
    const one = await statements(1)
    await statements(2)
    assert.equal(await statements(3), one)
  },
)

onEachDatabase('the statements of an app that everyone may use, and of one for a group', async (t, dialect) => {
  const { open, more, group } = await compared(t, dialect)
  assert.deepEqual(open, { authorization: 10, exchange: 12, refresh: 13, introspection: 6, userinfo: 5 })
  assert.deepEqual(await more({ allowedGroups: [group] }), [1, 1, 1, 1, 1])
})
