// An app that signs its users in at a test server, by the protocol's best-known client library.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { hashOfClientSecret, newClientSecret, storeSecret } from '#domain/clients/client-secret.service.ts'
import { storeClient } from '#domain/clients/client.service.ts'
import { type Client, type ClientFields, isPublic, NEW_CLIENT } from '#domain/clients/client.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import { inTransaction } from '#foundation/context.ts'
import type { Visitor } from '../pages/visitor.ts'
import { PASSWORD, type Person } from '../people/people.ts'
import type { Server } from '../server/start.ts'

export const REDIRECT_URI = 'https://app.example/callback'

/** A registered app with its secret. */
export interface TestApp {
  readonly client: Client
  readonly secret: string
  /** The library, as the app has configured it. */
  readonly config: oidc.Configuration
}

/** Registers an app as the operator, and lets it discover the provider. */
export async function registerApp(server: Server, wanted: Partial<ClientFields> = {}): Promise<TestApp> {
  const ctx = server.operator()
  const fields = { ...USUAL, ...wanted }
  await ensureSigningKeys(ctx)
  const secret = isPublic(fields) ? undefined : newClientSecret(ctx)
  const client = await inTransaction(ctx, async (tx) => {
    const stored = await storeClient(tx, { id: tx.newId(), fields, createdBy: null })
    if (secret !== undefined) await storeSecret(tx, stored, { id: tx.newId(), hash: hashOfClientSecret(secret) })
    return stored
  })
  const value = secret?.reveal() ?? ''
  return { client, secret: value, config: await discover(server, client, value) }
}

const USUAL: ClientFields = { ...NEW_CLIENT, name: 'Wiki', redirectUris: [REDIRECT_URI] }

/** Configures the library for an app: it discovers everything else. */
export async function discover(server: Server, client: Client, secret: string): Promise<oidc.Configuration> {
  const issuer = new URL(`${server.doorward.config.publicUrl}/oidc`)
  const auth = { client_secret_basic: oidc.ClientSecretBasic, client_secret_post: oidc.ClientSecretPost }
  const method = client.authMethod === 'none' ? oidc.None() : auth[client.authMethod](secret)
  const metadata = { id_token_signed_response_alg: client.idTokenAlg }
  return oidc.discovery(issuer, client.id, metadata, method, {
    execute: [oidc.allowInsecureRequests],
    [oidc.customFetch]: fetchOf(server),
  })
}

/** A `fetch` that asks the test server without a network. */
function fetchOf({ app }: Pick<Server, 'app'>): oidc.CustomFetch {
  return async (url, { method, headers, body }) => {
    const { pathname, search } = new URL(url)
    // The library sends forms only.
    const payload = body instanceof URLSearchParams ? body.toString() : undefined
    const answer = await app.inject({
      method: method as 'GET',
      url: pathname + search,
      headers: Object.fromEntries(new Headers(headers)),
      ...(payload !== undefined && { payload }),
    })
    const { statusCode: status, rawPayload } = answer
    const sent = new Headers()
    for (const [name, value] of Object.entries(answer.headers)) sent.set(name, String(value))
    return new Response(status === 204 || status === 304 ? null : new Uint8Array(rawPayload), { status, headers: sent })
  }
}

export interface Authorization {
  readonly url: URL
  readonly verifier: string
  readonly state: string
  readonly nonce: string
}

/** A request for an authorization, as an app makes it. `undefined` leaves a parameter out. */
export async function authorizationOf(
  app: TestApp,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<Authorization> {
  const { all, ...kept } = await requestOf(app, parameters)
  return { url: oidc.buildAuthorizationUrl(app.config, all), ...kept }
}

/** The same, which the app has pushed before (RFC 9126). */
export async function pushedAuthorizationOf(
  app: TestApp,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<Authorization> {
  const { all, ...kept } = await requestOf(app, parameters)
  return { url: await oidc.buildAuthorizationUrlWithPAR(app.config, all), ...kept }
}

async function requestOf({ client }: TestApp, parameters: Readonly<Record<string, string | undefined>>) {
  const verifier = oidc.randomPKCECodeVerifier()
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()]
  const all = {
    redirect_uri: client.redirectUris[0],
    scope: 'openid profile email',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...parameters,
  }
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return { all: Object.fromEntries(given), verifier, state, nonce }
}

/** Opens a URL of this server and follows redirects, until one leads elsewhere or a page is shown; returns where the browser is. */
export async function follow(visitor: Visitor, url: URL | string): Promise<URL> {
  let at = new URL(url, 'http://localhost:8000')
  for (let hop = 0; hop < 12; hop++) {
    const answer = await visitor.open(at.pathname + at.search)
    const { location } = answer.headers
    if (answer.statusCode !== 303 || location === undefined) return at
    const next = new URL(location, at)
    if (next.origin !== at.origin) return next
    at = next
  }
  assert.fail(`the browser is led in a circle: ${at}`)
}

/** Lets a browser in which somebody is signed in go to an app; returns the URL at which the app finds its answer. */
export async function answerAt(visitor: Visitor, app: TestApp, asked: Authorization): Promise<URL> {
  const at = await follow(visitor, asked.url)
  assert.ok(at.href.startsWith(String(app.client.redirectUris[0])), `the browser stays at ${at}`)
  return at
}

/** Signs a browser in to an app, and returns the tokens that the app gets. */
export async function signInAt(
  visitor: Visitor,
  app: TestApp,
  parameters: Readonly<Record<string, string | undefined>> = {},
): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers> {
  const asked = await authorizationOf(app, parameters)
  return exchange(app, await answerAt(visitor, app, asked), asked)
}

/** Exchanges the code of an answer, as the library does: it checks state, issuer, nonce and the ID token. Without a verifier: without PKCE. */
export function exchange(
  { config }: TestApp,
  answer: URL,
  { verifier, state, nonce }: Omit<Authorization, 'verifier'> & Partial<Authorization>,
): Promise<oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers> {
  return oidc.authorizationCodeGrant(config, answer, {
    ...(verifier !== undefined && { pkceCodeVerifier: verifier }),
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
}

/** Presses a button of the page of an interaction, and follows to where the app finds its answer. */
export async function presses(visitor: Visitor, { pathname }: URL, word: string): Promise<URL> {
  return followOn(visitor, await visitor.submit(`${pathname}/${word}`, {}))
}

/** Authenticates again with password and code at the page where the browser is, and follows to where the app finds its answer. */
export async function confirmsAt(visitor: Visitor, at: URL, person: Person): Promise<URL> {
  assert.equal(at.pathname, '/confirm', String(at))
  return followOn(visitor, await visitor.submit(at.pathname + at.search, { password: PASSWORD, code: person.code() }))
}

/** Follows the page in between that leads on from a form. */
function followOn(visitor: Visitor, { statusCode, body }: Awaited<ReturnType<Visitor['submit']>>): Promise<URL> {
  assert.equal(statusCode, 200, body)
  return follow(visitor, /url=([^"]+)"/.exec(body)?.[1] ?? '')
}
