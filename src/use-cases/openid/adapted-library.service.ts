// What the protocol's library does in our way: it compares secrets and redirect URIs by our rules, sees our sessions, and issues our tokens.
import type { Provider } from 'oidc-provider'

import { secretGiven } from '#domain/clients/client-secret.service.ts'
import { allowsRedirectUri } from '#domain/clients/redirect-uri.ts'
import { acrOf, amrOf } from '#domain/grants/authentication-context.ts'
import { clientSessionsOf } from '#domain/grants/grant.service.ts'
import type { TokenKind } from '#domain/grants/grant.ts'
import type { Context } from '#foundation/context.ts'
import type { SessionPrincipal } from '#foundation/kernel/principal.ts'
import { nextTokenValue } from './adapter.service.ts'
import { idTokenClaims } from './claims.service.ts'
import type { Exchange } from './exchange.service.ts'

type GetExchange = () => Exchange

/** Adapts the library; its classes belong to one provider, so nothing else is changed. */
export function adaptLibrary(provider: Provider, exchange: GetExchange): void {
  adaptClients(provider, exchange)
  adaptSessions(provider, exchange)
  adaptTokens(provider, exchange)
}

/** Secrets are compared by their hashes, and redirect URIs by our rule. */
function adaptClients({ Client }: Provider, exchange: GetExchange): void {
  Object.assign(Client.prototype, {
    includeSid: () => true,
    // Its page needs a script.
    responseModeAllowed: (mode: string | undefined) => mode !== 'form_post',
    redirectUriAllowed(this: { clientId: string }, uri: string) {
      const read = exchange().clients.get(this.clientId)
      return read !== undefined && allowsRedirectUri(read.client.redirectUris, uri)
    },
    compareClientSecret(this: { clientId: string }, given: string) {
      const current = exchange()
      const secrets = current.clients.get(this.clientId)?.secrets ?? []
      current.usedSecret = secretGiven(current.ctx, secrets, given)
      return current.usedSecret !== undefined
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
function adaptTokens(provider: Provider, exchange: GetExchange): void {
  const { AuthorizationCode, AccessToken, RefreshToken, PushedAuthorizationRequest, DeviceCode, IdToken } = provider
  const kinds: readonly (readonly [TokenKind, { readonly prototype: object }])[] = [
    ['code', AuthorizationCode],
    ['access', AccessToken],
    ['refresh', RefreshToken],
    ['request', PushedAuthorizationRequest],
    ['device', DeviceCode],
  ]
  for (const [kind, model] of kinds) {
    // The types do not show the function that makes a value.
    const prototype = model.prototype as TokenMaker
    const original = prototype.generateTokenId
    // The library's own function also notes the format of the token.
    prototype.generateTokenId = function ownTokenId() {
      original.call(this)
      // The identifier of a JWT is no secret, so it must not look like one.
      return this.format === 'jwt' ? exchange().ctx.newId() : nextTokenValue(exchange(), kind)
    }
  }
  const { prototype }: { readonly prototype: { issue: Issue } } = IdToken
  const original = prototype.issue
  prototype.issue = async function issueWithClaims(of) {
    const claims = of.use === 'idtoken' ? await idTokenClaims(exchange(), String(this.available['sub'])) : {}
    for (const [name, value] of Object.entries(claims)) this.set(name, value)
    return original.call(this, of)
  }
}

interface TokenMaker {
  generateTokenId: (this: { readonly format?: string }) => string
}

type IdToken = InstanceType<Provider['IdToken']>
type Issue = (this: IdToken, of: Parameters<IdToken['issue']>[0]) => Promise<string>
