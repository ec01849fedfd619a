// The provider of OpenID Connect: loaded with the first app, made again when the signing keys have changed, and asked for one exchange at a time.
import { AsyncLocalStorage } from 'node:async_hooks'
import { timingSafeEqual } from 'node:crypto'
import type { Provider } from 'oidc-provider'

import { isSecretValid } from '#domain/clients/client.ts'
import { allowsRedirectUri } from '#domain/clients/redirect-uri.ts'
import { acrOf, amrOf } from '#domain/grants/authentication-context.ts'
import { clientSessionsOf } from '#domain/grants/grant.service.ts'
import { readableKeys } from '#domain/signing-keys/signing-key.service.ts'
import type { Context } from '#foundation/context.ts'
import type { SessionPrincipal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { nextTokenValue } from './adapter.service.ts'
import { claimsOf, scopesOf, userOf } from './claims.service.ts'
import { claimsForIdToken } from './claims.ts'
import { libraryConfiguration } from './configuration.service.ts'
import { type Exchange, type LibraryAnswer, libraryRequest, libraryResponse } from './exchange.service.ts'
import { type Library, loadLibrary } from './library.service.ts'
import { OPENID_PATH } from './openid-path.ts'

interface Made {
  readonly version: string
  readonly provider: Provider
}

export class OpenId {
  readonly #exchanges = new AsyncLocalStorage<Exchange>()
  #library: Promise<Library> | undefined
  #made: Made | undefined

  /** Returns the provider with the present signing keys; undefined where no app was ever registered, so that there is no key. */
  async provider(ctx: Context): Promise<Provider | undefined> {
    const keys = await readableKeys(ctx, this.#made?.version)
    if (keys === undefined) return undefined
    if (this.#made?.version === keys.version) return this.#made.provider
    const library = await (this.#library ??= loadLibrary())
    const provider = this.#newProvider(ctx, library, keys.jwks())
    this.#made = { version: keys.version, provider }
    return provider
  }

  /** Returns the provider. Throws `request.not_found` where no app was ever registered, so that there is no open route. */
  async requiredProvider(ctx: Context): Promise<Provider> {
    const provider = await this.provider(ctx)
    if (provider === undefined) throw new Refusal('request.not_found')
    return provider
  }

  /** Runs what asks the library, in the context of an exchange. */
  within<Result>(exchange: Exchange, work: () => Promise<Result>): Promise<Result> {
    return this.#exchanges.run(exchange, work)
  }

  /** Lets the library answer a request at a path below `OPENID_PATH`. Throws what has failed below the library. */
  async answer(provider: Provider, exchange: Exchange, path: string): Promise<LibraryAnswer> {
    const request = libraryRequest(exchange.request, { publicUrl: exchange.ctx.config.publicUrl, path })
    const response = libraryResponse(request)
    response.statusCode = 404
    const koa = provider.createContext(request, response)
    // Its only middleware routes the request to the endpoint.
    const [run] = provider.middleware
    await this.within(exchange, async () => run?.(koa as never, async () => undefined))
    if (exchange.fault !== undefined) throw exchange.fault
    const { 'content-length': _, ...headers } = response.getHeaders()
    return { status: koa.status, headers, body: koa.body }
  }

  #exchange(): Exchange {
    const exchange = this.#exchanges.getStore()
    if (exchange === undefined) throw new Error('The library was called outside an exchange')
    return exchange
  }

  #newProvider(
    { config }: Context,
    library: Library,
    jwks: Parameters<typeof libraryConfiguration>[1]['jwks'],
  ): Provider {
    const { errors } = library
    const host = { exchange: () => this.#exchange(), invalidGrant: (detail: string) => new errors.InvalidGrant(detail) }
    const issuer = config.publicUrl + OPENID_PATH
    const provider = new library.default(issuer, libraryConfiguration(config, { library, host, jwks }))
    provider.on('server_error', (_ctx, error) => void (this.#exchange().fault = error))
    adaptClients(provider, host.exchange)
    adaptSessions(provider, host.exchange)
    adaptTokens(provider, host.exchange)
    return provider
  }
}

type GetExchange = () => Exchange

/** Secrets are compared by their hashes, and addresses by our rule. */
function adaptClients({ Client }: Provider, exchange: GetExchange): void {
  Object.assign(Client.prototype, {
    includeSid: () => true,
    redirectUriAllowed(this: { clientId: string }, uri: string) {
      const read = exchange().clients.get(this.clientId)
      return read !== undefined && allowsRedirectUri(read.client.redirectUris, uri)
    },
    compareClientSecret(this: { clientId: string }, given: string) {
      const current = exchange()
      const hash = Buffer.from(hashOf(Secret.of(given)))
      const secrets = current.clients.get(this.clientId)?.secrets ?? []
      const matching = secrets.filter(
        (secret) => isSecretValid(secret, current.ctx.now) && timingSafeEqual(Buffer.from(secret.hash), hash),
      )
      current.usedSecret = matching[0]
      return matching.length > 0
    },
  })
}

/** The library's session is a view of ours: it is neither stored nor given a cookie. */
function adaptSessions(provider: Provider, exchange: GetExchange): void {
  const { Session } = provider
  // The types do not show the constructor, which takes what is stored.
  const View = Session as unknown as new (stored?: object) => object
  const get = async (koa: { oidc: { entity(name: string, value: object): void } }) => {
    const { ctx } = exchange()
    const { principal } = ctx
    const isSession = principal.kind === 'session' && principal.session.transport === 'cookie'
    const session = isSession ? new View(await viewOf(ctx, principal)) : new View()
    // The library writes sessions that are not destroyed, and sets their cookies.
    Object.defineProperty(session, 'destroyed', { value: true })
    koa.oidc.entity('Session', session)
    return session
  }
  Object.assign(Session, { get })
}

async function viewOf(ctx: Context, { user, session }: SessionPrincipal): Promise<object> {
  const { id, authenticatedAt, authenticationMethods: methods } = session
  const signedIn = await clientSessionsOf(ctx, id)
  return {
    jti: id,
    uid: id,
    accountId: user.subject,
    loginTs: Math.floor(authenticatedAt / 1000),
    acr: acrOf(methods),
    amr: amrOf(methods),
    authorizations: Object.fromEntries(signedIn.map(({ clientId, sid, grantId }) => [clientId, { sid, grantId }])),
  }
}

/** Values have our prefixes, and an ID token holds what the app's row says. */
function adaptTokens({ AuthorizationCode, AccessToken, RefreshToken, IdToken }: Provider, exchange: GetExchange): void {
  // The types do not show the function that makes a value.
  const kinds = { code: AuthorizationCode, access: AccessToken, refresh: RefreshToken } as unknown as Record<
    'code' | 'access' | 'refresh',
    { readonly prototype: { generateTokenId(): string } }
  >
  for (const kind of ['code', 'access', 'refresh'] as const) {
    const { prototype } = kinds[kind]
    const { generateTokenId } = prototype
    // The library's own function also notes the format of the token.
    prototype.generateTokenId = function ownTokenId() {
      generateTokenId.call(this)
      return nextTokenValue(exchange(), kind)
    }
  }
  const { issue } = IdToken.prototype
  IdToken.prototype.issue = async function issueWithClaims(of) {
    if (of.use === 'idtoken') {
      const current = exchange()
      const [read] = current.clients.values()
      const subject = String(this.available['sub'])
      const user = userOf(current, subject)
      const [token] = current.tokens.values()
      if (read?.client.claimsInIdToken && user !== undefined && token !== undefined) {
        const scopes = scopesOf(token.token)
        const claims = claimsForIdToken(await claimsOf(current.ctx, { client: read.client, user, scopes }))
        for (const [name, value] of Object.entries(claims)) this.set(name, value)
      }
    }
    return issue.call(this, of)
  }
}
