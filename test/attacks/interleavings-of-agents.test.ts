// Two concurrent requests at two nodes, each stopped after each of its statements while the other continues: an agent, or an app, gets something
// while it is shut out, its document changes, or its user takes back the consent. What it got then is dead, and does not come back with what is
// allowed again.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { changeAgents } from '#use-cases/administration/agents/agents.service.ts'
import { enableApp } from '#use-cases/administration/clients/app-state.service.ts'
import {
  type Asking,
  interleaveOnEachDatabase,
  inEveryOrder,
  newScene,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { AGENT_HOST, type AgentHost, DOCUMENT, json, startAgentHost } from '../support/openid/agent-host.ts'
import { allowAgents, DOCUMENT_OF_AGENT, documentRequest, publishAgent } from '../support/openid/agents.ts'
import { assertNoFailure, browserOf } from '../support/openid/app-race.ts'
import {
  type Authorization,
  authorizationOf,
  follow,
  REDIRECT_URI,
  registerApp,
  type TestApp,
} from '../support/openid/apps.ts'
import { exchangeAs, type GivenCode, isAlive, refreshAs } from '../support/openid/attack-scene.ts'
import { agreeing, asked, onwardIn, presses, withdraw } from '../support/openid/consents.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { exhaustive, leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

leaveToTestAll()

const SCOPE = 'openid profile offline_access'

interface Race extends Scene {
  readonly host: AgentHost
  readonly app: TestApp
}

/** What takes from an app what it got, and how all of it is as before. */
interface Loss {
  readonly loses: (node: Server, race: Race) => Promise<Reply>
  readonly returns: (race: Race) => Promise<unknown>
}

const PATH = `/users/me/apps/${encodeURIComponent(DOCUMENT)}`

const LOSSES: Readonly<Record<string, Loss>> = {
  'agents are turned off': {
    loses: (node, { root }) => asks(node, root, 'PATCH', '/agents', { enabled: false }),
    returns: ({ server }) => changeAgents(server.operator(), { enabled: true }),
  },
  'its document leaves the list': {
    loses: (node, { root }) => asks(node, root, 'PATCH', '/agents', { allowed_documents: [] }),
    returns: ({ server }) => changeAgents(server.operator(), { allowedDocuments: [DOCUMENT] }),
  },
  'its host leaves the list': {
    loses: (node, { root }) => asks(node, root, 'PATCH', '/agents', { allowed_documents: [] }),
    returns: ({ server }) => changeAgents(server.operator(), { allowedDocuments: [AGENT_HOST] }),
  },
  'its user takes back the consent': {
    loses: (node, { ada }) => asks(node, ada, 'DELETE', PATH),
    returns: async () => undefined,
  },
  'its app is disabled': {
    loses: (node, { root, app }) => asks(node, root, 'POST', `/apps/${app.client.id}/disable`),
    returns: ({ server, app }) => enableApp(server.operator(), app.client.id),
  },
}

async function raceOf(t: TestContext, dialect: Dialect, what: string): Promise<Race> {
  const host = await startAgentHost(t)
  // The library reads the machine’s clock, in the other process too, so that of the server stands there.
  const scene = await newScene(t, dialect, {}, new TestClock(Date.now()), host.outbound)
  const { server } = scene
  const isAgent = what !== 'its app is disabled'
  if (!isAgent)
    return {
      ...scene,
      host,
      app: await registerApp(server, { scopes: ['openid', 'profile', 'offline_access'], trusted: false }),
    }
  await allowAgents(server, what.includes('host') ? AGENT_HOST : DOCUMENT)
  // It gets its answers at a website, so that its user is not asked each time.
  const app = await publishAgent(server, host, { redirect_uris: [REDIRECT_URI] }, REDIRECT_URI)
  return { ...scene, host, app }
}

/** A browser of ada in a new session, in which she has agreed. */
async function agreedBrowser({ ada, app }: Race): Promise<Visitor> {
  const visitor = await browserOf(ada)
  const { url } = await authorizationOf(app, { scope: SCOPE })
  const { pathname } = await follow(visitor, url)
  if (pathname.startsWith('/oidc/interaction/')) {
    await visitor.page(pathname)
    await presses(visitor, pathname, 'Allow')
  }
  return visitor
}

function authorizing({ cookies }: Visitor, { pathname, search }: URL): Asking {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const headers = { cookie, host: 'localhost:8000' }
  return (node) => ask(node, 'GET', pathname + search, { headers })
}

/** The code to which an answer leads; undefined where the browser is led elsewhere. */
function codeIn({ raw }: Reply): string | undefined {
  const { location } = raw.headers
  const at = location === undefined ? undefined : new URL(String(location), 'http://localhost:8000')
  return at?.searchParams.get('code') ?? undefined
}

/** No family of tokens of the app lives. */
async function assertNothingLives({ server, app }: Race): Promise<void> {
  const rows = await server.doorward.db
    .selectFrom('client_grant')
    .select('id')
    .where('client_id', '=', app.client.id)
    .where('revoked_at', 'is', null)
    .execute()
  assert.deepEqual(rows, [], 'a family of tokens lives')
}

/** A code that waits for its exchange. */
async function codeOf(race: Race, visitor: Visitor): Promise<GivenCode> {
  const authorization = await authorizationOf(race.app, { scope: SCOPE })
  const code = codeIn(await authorizing(visitor, authorization.url)(race.server))
  assert.ok(code, 'no code')
  return { ...authorization, code, redirectUri: REDIRECT_URI }
}

/** What an app, or its user, does while it loses what it got. */
interface Step {
  readonly asking: Asking
  /** What is exchanged where the answer leads to a code. */
  readonly authorization?: Authorization
}

/** Opens an authorization whose user is not asked. */
async function comes(race: Race): Promise<Step> {
  const visitor = await agreedBrowser(race)
  const authorization = await authorizationOf(race.app, { scope: SCOPE })
  return { asking: authorizing(visitor, authorization.url), authorization }
}

/** Goes on with an authorization after its user has agreed. */
async function goesOn(race: Race): Promise<Step> {
  const { server, ada, app } = race
  const { subject } = await rowOf(ada)
  await withdraw(server.operator(), app.client, subject)
  const visitor = await browserOf(ada)
  const { path, page: _, ...authorization } = await asked(visitor, app, { scope: SCOPE })
  const { body } = await visitor.submit(`${path}/consent`, {})
  return { asking: authorizing(visitor, new URL(onwardIn(body), authorization.url)), authorization }
}

async function exchanges(race: Race): Promise<Step> {
  const code = await codeOf(race, await agreedBrowser(race))
  return { asking: (node) => exchangeAs(node, race.app, code) }
}

async function refreshes(race: Race): Promise<Step> {
  const code = await codeOf(race, await agreedBrowser(race))
  const { body } = await exchangeAs(race.server, race.app, code)
  return { asking: (node) => refreshAs(node, race.app, body['refresh_token']) }
}

/** What came of a step: a code, tokens, or nothing. */
function outcomeOf(reply: Reply): 'code' | 'tokens' | 'nothing' {
  if (codeIn(reply) !== undefined) return 'code'
  return reply.body['access_token'] === undefined ? 'nothing' : 'tokens'
}

/** What came of a step is dead, also once everything is allowed again. */
async function assertDead(race: Race, reply: Reply, { authorization }: Step): Promise<void> {
  const { server, app } = race
  const code = codeIn(reply)
  if (code !== undefined && authorization !== undefined) {
    const given = { ...authorization, code, redirectUri: REDIRECT_URI }
    assert.equal((await exchangeAs(server, app, given)).body['error'], 'invalid_grant')
  }
  const { access_token: access, refresh_token: refresh } = reply.body
  if (access === undefined) return
  assert.equal(await isAlive(server, app, access), false)
  assert.equal((await refreshAs(server, app, refresh)).body['error'], 'invalid_grant')
}

type Got = ReturnType<typeof outcomeOf>

/** What the app does; which of the two requests is stopped after each of its statements; and what comes of it in some order at least. */
const STEPS: readonly {
  readonly claim: string
  readonly prepare: (race: Race) => Promise<Step>
  readonly stopped: 'the app' | 'the other'
  readonly some: Got
}[] = [
  { claim: 'a code that is made', prepare: comes, stopped: 'the app', some: 'code' },
  { claim: 'a code that is made after the question', prepare: goesOn, stopped: 'the app', some: 'code' },
  { claim: 'a code that comes in between', prepare: goesOn, stopped: 'the other', some: 'code' },
  { claim: 'what an exchange gives', prepare: exchanges, stopped: 'the app', some: 'tokens' },
  { claim: 'what an exchange gives that comes in between', prepare: exchanges, stopped: 'the other', some: 'tokens' },
  { claim: 'what a refresh gives', prepare: refreshes, stopped: 'the app', some: 'tokens' },
  { claim: 'what a refresh gives that comes in between', prepare: refreshes, stopped: 'the other', some: 'tokens' },
]

for (const [what, { loses, returns }] of Object.entries(LOSSES))
  for (const { claim, prepare, stopped, some } of STEPS) {
    // One statement decides for codes; tokens are bound to the family of their code, which all losses end alike.
    const isShown = prepare === comes || (what === 'agents are turned off' && stopped === 'the app')
    const declare = isShown ? interleaveOnEachDatabase : interleaveOnPostgres
    declare(`${claim} while ${what} is dead, and stays so`, async (t, dialect) => {
      const race = await raceOf(t, dialect, what)
      const seen = new Set<Got>()
      const loss: Asking = (node) => loses(node, race)
      await inEveryOrder(race.parties, 'each against the whole', async () => {
        await returns(race)
        const step = await prepare(race)
        return {
          asking: stopped === 'the app' ? [step.asking, loss] : [loss, step.asking],
          assertAfter: async (replies) => {
            assertNoFailure(replies)
            const [got, lost] = stopped === 'the app' ? replies : [replies[1], replies[0]]
            assert.ok(lost.status < 300, lost.raw.body)
            seen.add(outcomeOf(got))
            await assertNothingLives(race)
            await returns(race)
            await assertDead(race, got, step)
          },
        }
      })
      assert.ok(seen.has(some), `no ${some} came of it`)
      if (stopped === 'the app') assert.ok(seen.has('nothing'), 'it was never refused')
    })
  }

/** In `npm run test:exhaustive` alone. */
function interleaveOnPostgres(claim: string, prove: (t: TestContext, dialect: Dialect) => Promise<void>): void {
  exhaustive(`${claim} (postgres)`, (t) => prove(t, 'postgres'))
}

const BEFORE = { redirect_uris: [REDIRECT_URI] }

/** The vendor publishes other fields, and one node comes to know them. */
async function publishes({ host }: Race, node: Server, fields: Readonly<Record<string, unknown>>): Promise<Reply> {
  host.answers.set(new URL(DOCUMENT).pathname, json({ ...DOCUMENT_OF_AGENT, ...fields }))
  const { url, payload } = documentRequest(fields)
  return ask(node, 'POST', url, { payload })
}

for (const [what, after] of [
  ['its name', { ...BEFORE, client_name: 'Impostor' }],
  ['where it gets its answers', { redirect_uris: ['https://other.example/callback'] }],
] as const) {
  interleaveOnEachDatabase(
    `a code that is made while a document changes ${what} is no consent to the new one`,
    async (t, dialect) => {
      const race = await raceOf(t, dialect, 'its document changes')
      const { parties, server, app } = race
      let codes = 0
      await inEveryOrder(parties, 'each against the whole', async () => {
        await publishes(race, server, BEFORE)
        const visitor = await agreedBrowser(race)
        const authorization = await authorizationOf(app, { scope: SCOPE })
        return {
          asking: [authorizing(visitor, authorization.url), (node) => publishes(race, node, after)],
          assertAfter: async (replies) => {
            assertNoFailure(replies)
            assert.deepEqual(replies[1].body, { stored: true })
            const code = codeIn(replies[0])
            codes += Number(code !== undefined)
            if (code !== undefined && what !== 'its name') {
              const given = { ...authorization, code, redirectUri: REDIRECT_URI }
              assert.equal((await exchangeAs(server, app, given)).body['error'], 'invalid_grant')
            }
            const { url } = await authorizationOf(app, { scope: SCOPE })
            assert.equal(codeIn(await authorizing(visitor, url)(server)), undefined, 'its user is not asked again')
          },
        }
      })
      assert.ok(codes > 0, 'no code was made')
    },
  )

  interleaveOnEachDatabase(
    `a user who agrees while a document changes ${what} has not agreed to the new one`,
    async (t, dialect) => {
      const race = await raceOf(t, dialect, 'its document changes')
      const { parties, server, app, ada } = race
      const { subject } = await rowOf(ada)
      await inEveryOrder(parties, 'each against the whole', async () => {
        await publishes(race, server, BEFORE)
        await withdraw(server.operator(), app.client, subject)
        const visitor = await browserOf(ada)
        const { path, page } = await asked(visitor, app, { scope: SCOPE })
        return {
          asking: [agreeing(visitor, { path, page }), (node) => publishes(race, node, after)],
          assertAfter: async (replies) => {
            assertNoFailure(replies)
            assert.equal(codeIn(await authorizing(visitor, onwardOf(path))(server)), undefined)
            const { url } = await authorizationOf(app, { scope: SCOPE })
            assert.equal(codeIn(await authorizing(visitor, url)(server)), undefined, 'its user is not asked again')
            await assertNothingLives(race)
          },
        }
      })
    },
  )
}

/** Where the browser goes on after the question. */
function onwardOf(path: string): URL {
  return new URL(path.replace('/interaction/', '/auth/'), 'http://localhost:8000')
}
