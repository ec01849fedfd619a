// A consent that is withdrawn at one node while the other one signs its user in to the app, or stores it: no grant is alive afterwards without it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { startSession } from '#domain/sessions/session.service.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import {
  type Asking,
  inEveryOrder,
  newScene,
  raceOnEachDatabase,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { authorizationOf, REDIRECT_URI, registerApp, type TestApp } from '../support/openid/apps.ts'
import { exchangeAs } from '../support/openid/attack-scene.ts'
import { agreeing, asked, consentsIn, presses, withdraw, withdrawalRequest } from '../support/openid/consents.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'

/** What the app asks for. */
const EVERYTHING = 'openid profile email'

interface ConsentRace extends Scene {
  readonly app: TestApp
  readonly subject: string
  readonly withdrawal: Asking
}

async function consentRace(t: TestContext, dialect: Dialect): Promise<ConsentRace> {
  const scene = await newScene(t, dialect, {}, new TestClock(Date.now()))
  const app = await registerApp(scene.server, { trusted: false })
  const { subject } = await rowOf(scene.ada)
  const { url, payload } = withdrawalRequest(app.client, subject)
  return { ...scene, app, subject, withdrawal: (node) => ask(node, 'POST', url, { payload }) }
}

/** The browser of ada in a new session, where she has agreed to scopes, or to nothing. */
async function browserOf({ server, ada, app, subject }: ConsentRace, scope?: string): Promise<Visitor> {
  await withdraw(server.operator(), app.client, subject)
  const visitor = new Visitor(server)
  const wanted = { user: await rowOf(ada), methods: ['password', 'totp'], transport: 'cookie' } as const
  visitor.cookies.set('session', (await startSession(server.operator(), wanted)).token.reveal())
  if (scope !== undefined) await presses(visitor, (await asked(visitor, app, { scope })).path, 'Allow')
  return visitor
}

/** Opens the URL to which the app sends the browser. */
function authorizing({ cookies }: Visitor, { pathname, search }: URL): Asking {
  const headers = { cookie: `session=${cookies.get('session')}`, host: 'localhost:8000' }
  return (node) => ask(node, 'GET', pathname + search, { headers })
}

/** Without a consent no grant lives; with one it can. */
async function assertNoGrantWithout({ server }: ConsentRace, replies: readonly Reply[]): Promise<void> {
  for (const { status, raw } of replies) assert.ok(status < 500, raw.body)
  const { items, grants } = await consentsIn(server)
  if (items.length === 0) assert.equal(grants, 0, `a grant lives: ${JSON.stringify(replies[0]?.raw.headers)}`)
}

raceOnEachDatabase(
  'an authorization and the withdrawal of its consent leave no living grant',
  async (t, dialect, steps) => {
    const race = await consentRace(t, dialect)
    const { server, app, withdrawal } = race
    const seen = { codes: 0, errors: 0 }
    await inEveryOrder(race.parties, steps, async () => {
      const visitor = await browserOf(race, EVERYTHING)
      const { url, ...authorization } = await authorizationOf(app)
      return {
        asking: [authorizing(visitor, url), withdrawal],
        assertAfter: async (replies) => {
          await assertNoGrantWithout(race, replies)
          assert.deepEqual(replies[1].body, { withdrawn: true })
          const at = new URL(String(replies[0].raw.headers.location), url)
          const code = at.searchParams.get('code')
          if (code === null) return void (seen.errors += Number(at.searchParams.get('error') === 'consent_required'))
          seen.codes++
          const exchanged = await exchangeAs(server, app, { ...authorization, url, code, redirectUri: REDIRECT_URI })
          assert.equal(exchanged.body['error'], 'invalid_grant')
        },
      }
    })
    if (steps === 'each against the whole') assert.ok(seen.codes > 0 && seen.errors > 0, JSON.stringify(seen))
  },
)

leaveToTestAll()

raceOnEachDatabase(
  'a withdrawal and an authorization that comes while it runs leave no living grant',
  async (t, dialect, steps) => {
    const race = await consentRace(t, dialect)
    const { app, withdrawal } = race
    await inEveryOrder(race.parties, steps, async () => {
      const visitor = await browserOf(race, EVERYTHING)
      const { url } = await authorizationOf(app)
      return {
        asking: [withdrawal, authorizing(visitor, url)],
        assertAfter: (replies) => assertNoGrantWithout(race, replies),
      }
    })
  },
)

raceOnEachDatabase(
  'a consent that is given and withdrawn at once is there or not, and no grant lives without it',
  async (t, dialect, steps) => {
    const race = await consentRace(t, dialect)
    const { server, app, withdrawal } = race
    await inEveryOrder(race.parties, steps, async () => {
      const visitor = await browserOf(race, 'openid')
      const question = await asked(visitor, app)
      return {
        asking: [agreeing(visitor, question), withdrawal],
        assertAfter: async (replies) => {
          await assertNoGrantWithout(race, replies)
          assert.deepEqual([replies[0].status, replies[1].status], [200, 200], replies[0].raw.body)
          const answer = await visitor.open(question.path.replace('/interaction/', '/auth/'))
          const code = new URL(String(answer.headers.location), 'http://localhost:8000').searchParams.get('code')
          assert.equal(code !== null, (await consentsIn(server)).items.length > 0)
        },
      }
    })
  },
)

for (const [what, before] of [
  ['for the first time', undefined],
  ['after less', 'openid'],
] as const)
  raceOnEachDatabase(`two tabs that agree to different things ${what} agree to both`, async (t, dialect, steps) => {
    const race = await consentRace(t, dialect)
    const { server, app } = race
    await inEveryOrder(race.parties, steps, async () => {
      const visitor = await browserOf(race, before)
      const [profile, email] = [
        await asked(visitor, app, { scope: 'openid profile' }),
        await asked(visitor, app, { scope: 'openid email' }),
      ]
      return {
        asking: [agreeing(visitor, profile), agreeing(visitor, email)],
        assertAfter: async (replies) => {
          assert.deepEqual([replies[0].status, replies[1].status], [200, 200], replies[0].raw.body)
          assert.deepEqual((await consentsIn(server)).items, [['scope:email', 'scope:profile']])
        },
      }
    })
  })
