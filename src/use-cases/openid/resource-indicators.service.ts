// Access tokens for resources (RFC 8707): which resource a request names, whether the app may, and what a token for it holds.
import type {
  AccessToken,
  Client as LibraryClient,
  Configuration,
  KoaContextWithOIDC,
  ResourceServer,
} from 'oidc-provider'

import type { Client } from '#domain/clients/client.ts'
import { findResourceByUri } from '#domain/clients/resource.service.ts'
import { allowsClient, type ServedResource, tokenLifetime } from '#domain/clients/resource.ts'
import { noteGrantUse } from '#domain/grants/grant.service.ts'
import type { LivingToken } from '#domain/grants/token.service.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { AdapterHost } from './adapter.service.ts'
import { agreedClient, claimsOf } from './claims.service.ts'
import { type Claims, claimsForIdToken } from './claims.ts'
import type { Exchange } from './exchange.service.ts'
import type { Library } from './library.service.ts'
import { scopesAt } from './resource-scopes.ts'
import { storedClient } from './stored-client.service.ts'

interface Setup {
  readonly library: Library
  readonly host: AdapterHost
  readonly config: Pick<Config, 'accessTokenLifetime'>
}

/** JWTs are signed by it: a signature costs a fortieth of one by RS256, and every API can verify it. */
const SIGNATURE = { sign: { alg: 'ES256' } } as const

type Feature = NonNullable<NonNullable<Configuration['features']>['resourceIndicators']>

/** How the library asks about resources. */
export function resourceIndicators({ library: { errors }, host, config }: Setup): Feature {
  return {
    enabled: true,
    // An app that has named a resource gets tokens for it, also where it does not name it again.
    useGrantedResource: () => true,
    getResourceServerInfo: async ({ oidc }, uri, { clientId }) => {
      // Of two resources, the one could use the token at the other.
      if (Array.isArray(oidc.params?.['resource']))
        throw new errors.InvalidTarget('only one resource can be requested at a time')
      const exchange = host.exchange()
      const { client } = (await storedClient(exchange, clientId)) ?? {}
      const resource = await requestedResource(exchange, uri)
      // One answer for both, so that an app does not learn which resources exist.
      if (client === undefined || resource === undefined || !allowsClient(resource, clientId))
        throw new errors.InvalidTarget('the app may not request tokens for this resource')
      requestAllScopes(oidc, resource)
      return resourceServer(resource, client, config)
    },
  }
}

/** Returns the resource with exactly this URI, read once in an exchange. */
async function requestedResource(exchange: Exchange, uri: string): Promise<ServedResource | undefined> {
  const { ctx, resources } = exchange
  const found = resources.get(uri) ?? (await findResourceByUri(ctx, uri))
  if (found !== undefined) resources.set(uri, found)
  return found
}

/** An authorization that names no scopes is for all scopes of its resource (RFC 6749 §3.3), since the library grants nothing for none. */
function requestAllScopes({ route, params }: KoaContextWithOIDC['oidc'], { scopes }: ServedResource): void {
  if (route !== 'token' && params !== undefined && params['scope'] === undefined && scopes.length > 0)
    params['scope'] = scopes.join(' ')
}

function resourceServer(
  resource: ServedResource,
  client: Client,
  { accessTokenLifetime }: Setup['config'],
): ResourceServer {
  const { tokenFormat } = resource
  return {
    scope: scopesAt(resource, client).join(' '),
    accessTokenFormat: tokenFormat,
    accessTokenTTL: tokenLifetime(resource, accessTokenLifetime / 1000),
    ...(tokenFormat === 'jwt' && { jwt: SIGNATURE }),
  }
}

/** Refuses a refresh for another resource before the refresh token is consumed, so that its client can repeat the request without the mistake. */
export function requireGrantedResource({ oidc }: KoaContextWithOIDC, { errors }: Library): void {
  const requested: unknown = oidc.params?.['resource']
  // The library leaves a parameter without a value out.
  if (requested === undefined || requested === '') return
  if (requested !== oidc.refreshToken?.['resource'])
    throw new errors.InvalidTarget('the refresh token is not for this resource')
}

/** Returns for how many seconds an access token lives; a JWT, which nothing ends, not longer than its grant. */
export function accessTokenSeconds(
  exchange: Exchange,
  { grantId, resourceServer: server }: AccessToken,
  usual: number,
): number {
  const { accessTokenTTL: wanted = usual, accessTokenFormat } = server ?? {}
  const living = livingIn(exchange, grantId)
  if (accessTokenFormat !== 'jwt' || living === undefined) return wanted
  const left = Math.floor((living.grant.expiresAt - exchange.ctx.now) / 1000)
  return Math.max(1, Math.min(wanted, left))
}

/** Adds to a JWT how and when the user was authenticated, the session, and by scope role and groups as they are now. Notes that it is issued. */
export async function addClaims(exchange: Exchange, token: AccessToken, payload: object): Promise<void> {
  const living = livingIn(exchange, token.grantId)
  const client = agreedClient(exchange)
  if (living === undefined || client === undefined) throw new Error('A JWT is issued without a grant')
  const { acr, authTime } = JSON.parse(living.token.payload) as Claims
  const scopes = token.scope?.split(' ') ?? []
  const learned = claimsForIdToken(await claimsOf(exchange.ctx, { client, user: living.user, scopes }))
  Object.assign(payload, { acr, auth_time: authTime, sid: token.sid, ...learned })
  await noteGrantUse(exchange.ctx, living.grant.id)
}

/** The token that is exchanged, of this grant. */
function livingIn({ tokens }: Exchange, grantId: string | undefined): LivingToken | undefined {
  return [...tokens.values()].find(({ grant }) => grant.id === grantId)
}

/**
 * Whether a client learns what a token is worth (RFC 7662 §4): one that can authenticate, of its own tokens, and of access tokens for a resource
 * that it serves.
 */
export async function mayIntrospect(
  exchange: Exchange,
  client: LibraryClient,
  token: { readonly kind: string; readonly clientId?: string | undefined; readonly grantId?: string | undefined },
): Promise<boolean> {
  if (client.clientAuthMethod === 'none') return false
  if (token.clientId === client.clientId) return true
  if (token.kind !== 'AccessToken' || livingIn(exchange, token.grantId)?.resource?.servedBy !== client.clientId)
    return false
  return (await storedClient(exchange, token.clientId ?? '')) !== undefined
}
