// Threat: what a browser, a scanner of mails or another site fetches by itself takes effect, is read as another type, or shows files.
// Every route that answers GET is visited by an anonymous client, in an enrolment, as a user and as an admin.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { startSession } from '#domain/sessions/session.service.ts'
import { issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { durableRowsOf } from '../support/databases/database-dump.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { ask, PASSWORD, type Person } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { type LiveRoute, liveRoutes } from '../support/requests/live-routes.ts'
import { idOf, invitationIn } from '../support/requests/replies.ts'
import { newScene, type Scene } from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

interface Visit {
  readonly what: string
  readonly route: LiveRoute
  readonly as: string
  readonly answer: LightMyRequestResponse
}

/** Opening a form prepares what the form needs: the key of an app that no code has confirmed yet, or a challenge. */
const PREPARED = {
  tables: ['totp_factor', 'passkey_challenge'],
  columns: ['revision', 'factor_id', 'sealed_secret'],
}

async function rowsOf(server: Server): Promise<Record<string, unknown>> {
  const tables = Object.entries(await durableRowsOf(server.doorward.db))
  const kept = (row: Readonly<Record<string, unknown>>) =>
    Object.entries(row).filter(([column]) => !PREPARED.columns.includes(column))
  return Object.fromEntries(
    tables.filter(([name]) => !PREPARED.tables.includes(name)).map(([name, rows]) => [name, rows.map(kept)]),
  )
}

/** HEAD runs what GET does: it is sent by a scanner of mails, and by who may open most pages. */
const AS_HEAD = ['anonymous', 'admin']

/** Returns a function that requests every route that answers GET, by HEAD and by GET, with ids and links that exist. */
async function visitor(scene: Scene): Promise<() => Promise<Visit[]>> {
  const { server } = scene
  const routes = (await liveRoutes(server)).filter(({ method }) => method === 'GET')
  const ids = await idsOf(scene)
  const cookies = await cookiesOf(scene)
  const urlOf = ({ url }: LiveRoute): string =>
    url.replaceAll(/:(\w+)/g, (_, name: string) => (name === 'id' ? idIn(url, ids) : (ids[name] ?? 'x')))
  assert.ok(routes.length > 60)
  return async () => {
    const visits: Visit[] = []
    for (const route of routes) {
      for (const [as, cookie] of Object.entries(cookies)) {
        for (const method of AS_HEAD.includes(as) ? (['HEAD', 'GET'] as const) : (['GET'] as const)) {
          const headers = { accept: 'text/html', cookie }
          const answer = await server.app.inject({ method, url: urlOf(route), headers })
          visits.push({ what: `${method} ${route.url} as ${as}: ${answer.statusCode}`, route, as, answer })
        }
      }
    }
    return visits
  }
}

async function idsOf({ admin, ada }: Scene): Promise<Readonly<Record<string, string>>> {
  const { totp } = (await ada.asks('GET', '/users/me/factors')).body as { totp: readonly { id: string }[] }
  return {
    user: String(await idOf(ada)),
    app: String(totp[0]?.id),
    tokenId: (await apiTokenOf(ada)).id,
    token: invitationIn(await admin.asks('POST', '/users', { username: 'grace' })),
    code: 'totp.last_one',
  }
}

function idIn(url: string, { user = '', app = '', tokenId = '' }: Readonly<Record<string, string>>): string {
  if (url.startsWith('/account/security/tokens')) return tokenId
  return url.startsWith('/account/security/app') ? app : user
}

async function cookiesOf({ server, admin, ada }: Scene): Promise<Readonly<Record<string, string>>> {
  const token = invitationIn(await admin.asks('POST', '/users', { username: 'eve' }))
  const payload = { token, password: PASSWORD }
  const { body } = await ask(server, 'POST', '/invitations/accept', { payload })
  return {
    anonymous: '',
    newcomer: `attempt=${String(body['attempt'])}`,
    user: await cookieOf(ada),
    admin: await cookieOf(admin),
  }
}

async function cookieOf(person: Person): Promise<string> {
  const wanted = { user: await rowOf(person), methods: ['password', 'totp'], transport: 'cookie' } as const
  return `session=${(await startSession(person.server.operator(), wanted)).token.reveal()}`
}

/** How many visits of routes whose URL contains this were answered with 200. */
function opened(visits: readonly Visit[], part: string): number {
  return visits.filter(({ route, answer }) => route.url.includes(part) && answer.statusCode === 200).length
}

test('no GET and no HEAD changes anything: a link in a mail is not used up by a scanner, nor an account changed', async (t) => {
  const scene = await newScene(t)
  const visitAll = await visitor(scene)
  const before = await rowsOf(scene.server)
  const visits = await visitAll()
  for (const part of [
    '/invitation/:token',
    '/enrolment/app',
    '/account/security/app',
    '/admin/users/:id/delete',
    '/sign-out',
  ])
    assert.ok(opened(visits, part) > 0, part)
  assert.deepEqual(await rowsOf(scene.server), before)
})

leaveToTestAll()

test('a set-up link is not used up by opening it', async (t) => {
  const server = await start(t)
  const issued = await issueSetupLink(server.operator())
  const url = `/setup/${issued?.token.reveal() ?? ''}`
  const before = await durableRowsOf(server.doorward.db)
  for (const method of ['HEAD', 'GET', 'GET'] as const) {
    assert.equal((await server.app.inject({ method, url, headers: { accept: 'text/html' } })).statusCode, 200)
  }
  assert.deepEqual(await durableRowsOf(server.doorward.db), before)
})

/** Pictures and archives have no encoding; JSON is UTF-8 by its definition (RFC 8259, section 8.1). */
const TYPE =
  /^(?:text\/(?:html|css|javascript|plain|csv); charset=utf-8|application\/(?:[\w.+-]*json|x-ndjson|jsonl)(?:; charset=utf-8)?|(?:image|font)\/[\w.+-]+)$/i

let visits: Promise<Visit[]> | undefined

/** The same for several tests, which only read the answers. */
function answersOnce(t: TestContext): Promise<Visit[]> {
  visits ??= newScene(t)
    .then(visitor)
    .then((visitAll) => visitAll())
  return visits
}

test('every answer with a body names its type, and its encoding where it is text', async (t) => {
  const withBody = (await answersOnce(t)).filter(({ answer }) => answer.rawPayload.length > 0)
  assert.ok(withBody.length > 200)
  const untyped = withBody.filter(({ answer }) => !TYPE.test(String(answer.headers['content-type'])))
  assert.deepEqual(
    untyped.map(({ what, answer }) => `${what}, ${String(answer.headers['content-type'])}`),
    [],
  )
})

/** The question for a re-authentication is left by Cancel, back to a page with a way to sign out. */
const QUESTION = '/confirm'

test('every page of a signed-in user has a way to sign out', async (t) => {
  const pages = (await answersOnce(t))
    .filter(({ route: { url, config } }) => config.page && config.access !== 'anyone' && url !== QUESTION)
    .filter(({ what, as, answer }) => what.startsWith('GET') && /user|admin/.test(as) && answer.statusCode === 200)
  assert.ok(pages.length > 40)
  const without = pages.filter(({ answer }) => !parsePage(answer).actions().includes('/sign-out'))
  assert.deepEqual(
    without.map(({ what }) => what),
    [],
  )
})

const FILES = [
  ...'/assets /assets/ /assets/modules /assets/modules/ /docs/ /.git /.git/config /.git/HEAD /package.json'.split(' '),
  ...'/keyring.json /doorward.db /data/keyring.json /dist/ /src/ /node_modules/ /assets/../package.json'.split(' '),
  ...'/assets/..%2fpackage.json /assets/%2e%2e/package.json /docs/..%2f..%2fpackage.json /docs/%00'.split(' '),
  ...'/assets/....//package.json /docs/..\\..\\package.json /%2e%2e/%2e%2e/etc/passwd //etc/passwd'.split(' '),
]

test('no folder is listed, and no file is served but those of the pages', async (t) => {
  const { app } = await start(t)
  for (const url of FILES) {
    const { statusCode, body } = await app.inject({ url, headers: { accept: 'text/html' } })
    assert.ok([404, 400].includes(statusCode) || url === '/docs/', `${url}: ${statusCode}`)
    assert.doesNotMatch(body, /"dependencies"|repositoryformatversion|root:x:0|Index of|"keys"/, url)
  }
})
