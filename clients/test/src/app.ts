// An app at the server, and the authorization code flow with which users sign in to it (RFC 6749, RFC 7636, OpenID Connect Core).
import { createHash, randomBytes } from 'node:crypto'

import type { Answer } from './api.ts'
import { Browser } from './browser.ts'
import type { Door, TestUser } from './user.ts'

export interface AppFacts {
  readonly id: string
  /** Null for an app without one. */
  readonly secret: string | null
  readonly issuer: string
  readonly redirectUris: readonly string[]
}

/** The tokens that an app gets when a user has signed in. */
export interface AppTokens {
  readonly accessToken: string
  readonly idToken: string
  /** Where the app has refresh tokens and asked for `offline_access`. */
  readonly refreshToken: string | undefined
  /** Seconds. */
  readonly expiresIn: number
  readonly scope: string
  /** What the ID token says. Its signature is not checked: it came from the server itself. */
  readonly claims: Answer
}

const random = (): string => randomBytes(32).toString('base64url')

export class TestApp implements AppFacts {
  readonly id: string
  readonly secret: string | null
  readonly issuer: string
  readonly redirectUris: readonly string[]
  readonly #door: Door

  constructor(door: Door, { id, secret, issuer, redirectUris }: AppFacts) {
    this.#door = door
    this.id = id
    this.secret = secret
    this.issuer = issuer
    this.redirectUris = redirectUris
  }

  /**
   * Signs a user in to the app by the whole code flow, as the app and a browser run it. `parameters` are added to the authorization request,
   * such as `scope`, `resource` or `max_age`.
   */
  async signIn(user: TestUser, parameters: Readonly<Record<string, string>> = {}): Promise<AppTokens> {
    const [verifier, state, nonce] = [random(), random(), random()]
    const [redirectUri = ''] = this.redirectUris
    const request = {
      client_id: this.id,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile email',
      state,
      nonce,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    }
    const answer = await answerAt(this.#door, user, `${this.issuer}/auth?${new URLSearchParams(request)}`)
    const { error, error_description: why, code, ...returned } = Object.fromEntries(answer.searchParams)
    if (code === undefined) throw new Error(`The app got no code for ${user.username}: ${error}. ${why ?? ''}`)
    if (returned['state'] !== request.state || returned['iss'] !== this.issuer)
      throw new Error(`The answer is of another request or server: ${answer}`)
    const tokens = await this.#ask('token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: request.redirect_uri,
      code_verifier: verifier,
    })
    return readTokens(tokens, request.nonce)
  }

  /** Exchanges a refresh token. */
  async refresh(refreshToken: string): Promise<AppTokens> {
    return readTokens(await this.#ask('token', { grant_type: 'refresh_token', refresh_token: refreshToken }), undefined)
  }

  /** What the server says of a token (RFC 7662); `active` is false where it is not valid any more. */
  introspect(token: string): Promise<Answer> {
    return this.#ask('token/introspection', { token })
  }

  async #ask(path: string, fields: Readonly<Record<string, string>>): Promise<Answer> {
    const url = `${this.issuer}/${path}`
    const body = new URLSearchParams({ ...fields, ...(this.secret === null && { client_id: this.id }) })
    const headers = { ...(this.secret !== null && { authorization: basic(this.id, this.secret) }) }
    const answer = await fetch(url, { method: 'POST', headers, body })
    const said = (await answer.json()) as Answer
    if (answer.ok) return said
    throw new Error(
      `Doorward refused ${url} (${answer.status}): ${String(said['error'])}. ${String(said['error_description'])}`,
    )
  }
}

/** Opens the URL to which an app has led a browser, signs the user in there, and returns the URL that leads back to the app. */
export async function answerAt(door: Door, user: TestUser, url: string | URL): Promise<URL> {
  const { origin } = new URL(door.url)
  const visit = await new Browser(origin, user).open(url, (next) => next.origin !== origin)
  if (new URL(visit.url).origin !== origin) return new URL(visit.url)
  throw new Error(`${user.username} is not led back to an app, but stays at ${visit.url} (${visit.status}).`)
}

/** RFC 6749 §2.3.1: both are encoded as in a form. */
function basic(id: string, secret: string): string {
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`
}

function readTokens(tokens: Answer, nonce: string | undefined): AppTokens {
  const textOf = (name: string): string | undefined => tokens[name] as string | undefined
  const idToken = textOf('id_token') ?? ''
  const [, payload = ''] = idToken.split('.')
  const claims = payload === '' ? {} : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Answer)
  if (nonce !== undefined && idToken !== '' && claims['nonce'] !== nonce)
    throw new Error('The ID token has another nonce.')
  return {
    accessToken: textOf('access_token') ?? '',
    idToken,
    refreshToken: textOf('refresh_token'),
    expiresIn: Number(tokens['expires_in']),
    scope: textOf('scope') ?? '',
    claims,
  }
}
