// The database is away during a request of an app or its browser, at each statement in turn: the answer is 503 with `Retry-After`, nothing is half
// exchanged, and afterwards the same request succeeds.
import type { LightMyRequestResponse } from 'fastify'
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { ClientFields } from '#domain/clients/client.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { authorizationOf, pushedAuthorizationOf, registerApp, type TestApp } from '../support/openid/apps.ts'
import {
  type AttackScene,
  attackScene,
  codeFor,
  exchangeAs,
  openAt,
  postAs,
  refreshAs,
} from '../support/openid/attack-scene.ts'
import { allows, codesFor, poll, typesCode } from '../support/openid/devices.ts'
import { ask } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const CANARY = 'connect ECONNREFUSED canary'

/** Fails the nth statement after `arm`, as the driver of a database does that cannot be reached. */
class Outage {
  #left: number | undefined

  arm(after: number): void {
    this.#left = after
  }

  /** Whether it has happened. */
  get isOver(): boolean {
    return this.#left === undefined
  }

  hear(): void {
    if (this.#left === undefined || this.#left-- > 0) return
    this.#left = undefined
    throw Object.assign(new Error(CANARY), { code: 'ECONNREFUSED' })
  }
}

interface FaultScene extends AttackScene {
  readonly outage: Outage
}

async function faultScene(t: TestContext, fields: Partial<ClientFields> = {}): Promise<FaultScene> {
  const outage = new Outage()
  const scene = await attackScene(t, { fields, onStatement: () => outage.hear(), expectedErrors: /./ })
  await sql`pragma synchronous = off`.execute(scene.server.doorward.db)
  return { ...scene, outage }
}

type Asking = () => Promise<LightMyRequestResponse>

interface Flow {
  /** Returns the request, and what it answers when nothing fails. */
  readonly prepare: (scene: FaultScene) => Promise<Asking>
  readonly succeeds: (answer: LightMyRequestResponse) => void
}

function gives(status: number, pattern: RegExp) {
  return ({ statusCode, headers, body }: LightMyRequestResponse): void => {
    assert.equal(statusCode, status, body)
    assert.match(String(headers.location ?? body), pattern)
  }
}

async function tokensIn({ server, app, visitor }: FaultScene): Promise<Record<string, unknown>> {
  return (await exchangeAs(server, app, await codeFor(visitor, app))).body
}

const FLOWS: Readonly<Record<string, Flow>> = {
  'the exchange of a code': {
    prepare: async (scene) => {
      const given = await codeFor(scene.visitor, scene.app)
      return async () => (await exchangeAs(scene.server, scene.app, given)).raw
    },
    succeeds: gives(200, /"access_token":"dwt_.*"refresh_token":"dwr_/),
  },
  'a refresh': {
    prepare: async (scene) => {
      const { refresh_token: token } = await tokensIn(scene)
      return async () => (await refreshAs(scene.server, scene.app, token)).raw
    },
    succeeds: gives(200, /"access_token":"dwt_.*"refresh_token":"dwr_/),
  },
  'a refresh that is repeated': {
    prepare: async (scene) => {
      const { refresh_token: token } = await tokensIn(scene)
      await refreshAs(scene.server, scene.app, token)
      return async () => (await refreshAs(scene.server, scene.app, token)).raw
    },
    succeeds: gives(200, /"refresh_token":"dwr_/),
  },
  'a revocation': {
    prepare: async (scene) => {
      const { access_token: token } = await tokensIn(scene)
      return async () => (await postAs(scene.server, scene.app, '/token/revocation', { token: String(token) })).raw
    },
    succeeds: gives(200, /^$/),
  },
  'an introspection': {
    prepare: async (scene) => {
      const { access_token: token } = await tokensIn(scene)
      return async () => (await postAs(scene.server, scene.app, '/token/introspection', { token: String(token) })).raw
    },
    succeeds: gives(200, /"active":true/),
  },
  'a question for the user': {
    prepare: async (scene) => {
      const { access_token: token } = await tokensIn(scene)
      const headers = { authorization: `Bearer ${String(token)}` }
      return async () => (await ask(scene.server, 'GET', '/oidc/me', { headers })).raw
    },
    succeeds: gives(200, /"sub":/),
  },
  'a wrong secret': {
    prepare: async ({ server, app }) => {
      const wrong = { ...app, secret: 'dwc_wrong' }
      return async () => {
        const { raw } = await refreshAs(server, wrong, 'dwr_x')
        return raw
      }
    },
    succeeds: gives(401, /invalid_client/),
  },
  'the first exchange of an app': {
    prepare: async (scene) => {
      const app = await newApp(scene)
      const given = await codeFor(scene.visitor, app)
      return async () => (await exchangeAs(scene.server, app, given)).raw
    },
    succeeds: gives(200, /"access_token":"dwt_.*"refresh_token":"dwr_/),
  },
  'a first authorization': {
    prepare: async (scene) => {
      const { url } = await authorizationOf(await newApp(scene))
      return () => openAt(scene.visitor, url)
    },
    succeeds: gives(303, /^https:\/\/app\.example\/callback\?code=dwk_/),
  },
  'an authorization': {
    prepare: async ({ visitor, app }) => {
      await codeFor(visitor, app)
      const { url } = await authorizationOf(app)
      return () => openAt(visitor, url)
    },
    succeeds: gives(303, /^https:\/\/app\.example\/callback\?code=dwk_/),
  },
  'an authorization that asks for more': {
    prepare: async ({ visitor, app }) => {
      const { url } = await authorizationOf(app, { acr_values: 'phr' })
      return () => openAt(visitor, url)
    },
    succeeds: gives(303, /^\/oidc\/interaction\//),
  },
  'a pushed request': {
    prepare: async ({ server, app }) => {
      const { client } = app
      const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }
      const fields = { response_type: 'code', client_id: client.id, redirect_uri: client.redirectUris[0], ...challenge }
      return async () => (await postAs(server, app, '/request', fields)).raw
    },
    succeeds: gives(201, /"request_uri":"urn:ietf:params:oauth:request_uri:dwq_/),
  },
  'an authorization that was pushed': {
    prepare: async ({ visitor, app }) => {
      const { url } = await pushedAuthorizationOf(app)
      return () => openAt(visitor, url)
    },
    succeeds: gives(303, /^https:\/\/app\.example\/callback\?code=dwk_/),
  },
  'a device that asks for its codes': {
    prepare: async (scene) => {
      const app = await newApp(scene, { deviceSignIn: true })
      return async () => (await postAs(scene.server, app, '/device/auth', { scope: 'openid' })).raw
    },
    succeeds: gives(200, /"user_code":"[A-Z]{4}-[A-Z]{4}"/),
  },
  'a device that waits': {
    prepare: async (scene) => {
      const app = await newApp(scene, { deviceSignIn: true })
      const codes = await codesFor(scene.server, app)
      return async () => (await poll(scene.server, app, codes)).raw
    },
    succeeds: gives(400, /authorization_pending/),
  },
  'a device that gets its tokens': {
    prepare: async (scene) => {
      const app = await newApp(scene, { deviceSignIn: true })
      const codes = await codesFor(scene.server, app)
      await allows(scene.visitor, codes.userCode)
      return async () => (await poll(scene.server, app, codes)).raw
    },
    succeeds: gives(200, /"access_token":"dwt_.*"refresh_token":"dwr_/),
  },
  'the code of a device': {
    prepare: async (scene) => {
      const app = await newApp(scene, { deviceSignIn: true })
      const { userCode } = await codesFor(scene.server, app)
      return () => scene.visitor.submit('/oidc/device', { user_code: userCode })
    },
    succeeds: gives(200, /\/oidc\/device\/allow/),
  },
  'the permission for a device': {
    prepare: async (scene) => {
      const app = await newApp(scene, { deviceSignIn: true })
      const { userCode } = await codesFor(scene.server, app)
      const fields = await typesCode(scene.visitor, userCode)
      return () => scene.visitor.submit('/oidc/device/allow', fields)
    },
    succeeds: gives(200, /The device is signed in/),
  },
  'the page of an interaction': {
    prepare: async (scene) => {
      const path = await interactionIn(scene)
      return () => scene.visitor.open(path)
    },
    succeeds: gives(303, /^\/oidc\/auth\//),
  },
  'an authorization that goes on': {
    prepare: async (scene) => {
      const path = await interactionIn(scene)
      await scene.visitor.open(path)
      return () => scene.visitor.open(path.replace('interaction', 'auth'))
    },
    succeeds: gives(303, /^https:\/\/app\.example\/callback\?code=dwk_/),
  },
  'a request to sign out that is asked about': {
    prepare:
      async ({ visitor, app }) =>
      () =>
        visitor.open(`/oidc/session/end?client_id=${app.client.id}`),
    succeeds: gives(200, /\/oidc\/session\/end\/confirm/),
  },
  discovery: {
    prepare:
      async ({ server }) =>
      async () =>
        (await ask(server, 'GET', '/oidc/.well-known/openid-configuration')).raw,
    succeeds: gives(200, /"issuer"/),
  },
  'the key set': {
    prepare:
      async ({ server }) =>
      async () =>
        (await ask(server, 'GET', '/oidc/jwks')).raw,
    succeeds: gives(200, /"keys"/),
  },
}

function newApp({ server }: FaultScene, fields: Partial<ClientFields> = {}): Promise<TestApp> {
  return registerApp(server, { ...fields, name: `App ${server.doorward.newId()}` })
}

/** An interaction that only needs the session that is there: it began before anybody was signed in. */
async function interactionIn({ visitor, app }: FaultScene): Promise<string> {
  const session = visitor.cookies.get('session') ?? assert.fail()
  visitor.cookies.delete('session')
  const { headers } = await openAt(visitor, (await authorizationOf(app)).url)
  visitor.cookies.set('session', session)
  return String(headers.location)
}

/** The rows of apps, and their events. */
async function rowsIn({ server }: FaultScene): Promise<object> {
  const { client_token, client_grant, client_session, session, audit_event = [] } = await dumpOf(server.doorward.db)
  const events = audit_event.filter(({ action }) => /^(?:app|device_code)\./.test(String(action)))
  const kept = session?.map(({ last_seen_at: _, ...row }) => row)
  return { client_token, client_grant, client_session, session: kept, events: events.length }
}

async function failEach(t: TestContext, { prepare, succeeds }: Flow, scene: FaultScene): Promise<void> {
  const { server, outage } = scene
  for (let nth = 0; ; nth++) {
    const asking = await prepare(scene)
    const before = await rowsIn(scene)
    outage.arm(nth)
    const answer = await asking()
    const { isOver } = outage
    outage.arm(Infinity)
    if (!isOver) {
      succeeds(answer)
      t.diagnostic(`${nth} statements`)
      return assert.ok(nth > 0)
    }
    const about = `without statement ${nth + 1}: ${answer.statusCode} ${answer.body.slice(0, 300)}`
    assert.equal(answer.statusCode, 503, about)
    assert.ok(Number(answer.headers['retry-after']) > 0, about)
    assert.doesNotMatch(answer.body, /canary|dw[ktr]_|sqlite|select/, about)
    assert.deepEqual(await rowsIn(scene), before, about)
    succeeds(await asking())
    await server.doorward.db.deleteFrom('throttle_bucket').execute()
  }
}

for (const [what, flow] of Object.entries(FLOWS)) {
  test(`without the database ${what} is answered by 503, and leaves nothing half done`, async (t) => {
    await failEach(t, flow, await faultScene(t))
  })

  leaveToTestAll()
}
