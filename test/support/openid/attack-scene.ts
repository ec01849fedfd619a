// A browser that is signed in, an app, and requests to the provider as an attacker writes them: with any parameter left out, changed or doubled.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { type ClientChangeDeps, lockClient } from '#domain/clients/client.service.ts'
import type { Client, ClientFields } from '#domain/clients/client.ts'
import { inTransaction } from '#foundation/context.ts'
import { signsIn } from '../pages/page-answers.ts'
import { type SceneOptions, visitorScene } from '../pages/page-scenes.ts'
import type { Visitor } from '../pages/visitor.ts'
import { ask, type Person, type Reply } from '../people/people.ts'
import type { Server } from '../server/start.ts'
import { answerAt, type Authorization, authorizationOf, registerApp, type TestApp } from './apps.ts'
import { shareClock, type SharedClock } from './openid-clock.ts'

export interface AttackScene {
  readonly server: Server
  readonly admin: Person
  /** A browser in which the admin is signed in. */
  readonly visitor: Visitor
  readonly app: TestApp
  readonly clock: SharedClock
}

/** A server with an app, and a browser in which an admin has just signed in. */
export async function attackScene(
  t: TestContext,
  { fields = {}, ...options }: SceneOptions & { readonly fields?: Partial<ClientFields> } = {},
): Promise<AttackScene> {
  const { server, admin, visitor } = await visitorScene(t, options)
  await signsIn(visitor, admin)
  return { server, admin, visitor, app: await registerApp(server, fields), clock: shareClock(t, server) }
}

export type Parameters = Readonly<Record<string, string | undefined>>

/** What an app got at its redirect URI. */
export interface GivenCode extends Authorization {
  readonly code: string
  readonly redirectUri: string
}

/** Lets a browser in which somebody is signed in fetch a code for an app. */
export async function codeFor(visitor: Visitor, app: TestApp, parameters: Parameters = {}): Promise<GivenCode> {
  const asked = await authorizationOf(app, parameters)
  const answer = await answerAt(visitor, app, asked)
  const code = answer.searchParams.get('code')
  assert.ok(code, `no code: ${answer}`)
  return { ...asked, code, redirectUri: asked.url.searchParams.get('redirect_uri') ?? '' }
}

export interface Sender {
  readonly headers?: Readonly<Record<string, string>>
  readonly remoteAddress?: string
}

/** A form without a credential, to a path below `/oidc`. */
export function postRaw(
  server: Server,
  path: string,
  fields: string | Parameters,
  { headers = {}, ...from }: Sender = {},
): Promise<Reply> {
  const given = typeof fields === 'string' ? fields : encoded(fields)
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return ask(server, 'POST', `/oidc${path}`, { payload: given, headers: { ...type, ...headers }, ...from })
}

function encoded(fields: Parameters): string {
  const given = Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return new URLSearchParams(given).toString()
}

/** The same with the credentials of an app, as its row says. */
export function postAs(
  server: Server,
  app: TestApp,
  path: string,
  fields: Parameters,
  { headers = {}, ...from }: Sender = {},
): Promise<Reply> {
  const { client, secret } = app
  if (client.authMethod === 'client_secret_basic')
    return postRaw(server, path, fields, { headers: { ...basic(client.id, secret), ...headers }, ...from })
  const own = { client_id: client.id, ...(client.authMethod === 'client_secret_post' && { client_secret: secret }) }
  return postRaw(server, path, { ...own, ...fields }, { headers, ...from })
}

export function basic(id: string, secret: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${secret}`).toString('base64')}` }
}

/** Exchanges a code; `undefined` leaves a parameter out. */
export function exchangeAs(
  server: Server,
  app: TestApp,
  { code, redirectUri, verifier }: GivenCode,
  changed: Parameters = {},
): Promise<Reply> {
  const usual = { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier }
  return postAs(server, app, '/token', { ...usual, ...changed })
}

export function refreshAs(server: Server, app: TestApp, token: unknown, changed: Parameters = {}): Promise<Reply> {
  return postAs(server, app, '/token', { grant_type: 'refresh_token', refresh_token: String(token), ...changed })
}

/** Whether an access token is worth anything: at the userinfo endpoint and at introspection by its own app. */
export async function isAlive(server: Server, app: TestApp, token: unknown): Promise<boolean> {
  const info = await ask(server, 'GET', '/oidc/me', { headers: { authorization: `Bearer ${String(token)}` } })
  const introspected = await postAs(server, app, '/token/introspection', { token: String(token) })
  const isActive = introspected.body['active'] === true
  assert.equal(info.status === 200, isActive, `userinfo says ${info.status}, introspection ${introspected.raw.body}`)
  return isActive
}

/** Opens a URL of the server without following where it leads. */
export function openAt(
  visitor: Visitor,
  { pathname, search }: URL,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<Visitor['open']> {
  return visitor.open(pathname + search, 'GET', headers)
}

/** Changes an app as an admin does, without the rules above the domain. */
export function changeApp(
  server: Server,
  { client }: TestApp,
  change: (tx: ClientChangeDeps, client: Client) => Promise<unknown>,
): Promise<unknown> {
  return inTransaction(server.operator(), async (tx) => change(tx, await lockClient(tx, client.id)))
}
