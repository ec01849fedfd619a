// Completes answers of the library with what it does not know: attributes under names that an app alone has, and what is read at this moment.
import type { GrantToken } from '#domain/grants/grant.ts'
import { agreedClient, claimsOf, scopesOf } from './claims.service.ts'
import type { Exchange, LibraryAnswer } from './exchange.service.ts'
import { scopesWithin } from './resource-scopes.ts'

type JsonBody = Readonly<Record<string, unknown>>

/** Adds the attributes that the app gets to the answer of the userinfo endpoint. */
export async function addUserinfoClaims(exchange: Exchange, answer: LibraryAnswer): Promise<LibraryAnswer> {
  const [living] = exchange.tokens.values()
  const client = agreedClient(exchange)
  if (answer.status !== 200 || living === undefined || client === undefined) return answer
  const { attributes } = client
  if (attributes.length === 0) return answer
  const { user, token } = living
  const claims = await claimsOf(exchange.ctx, { client, user, scopes: scopesOf(token) })
  const own = attributes.flatMap(({ claim }) => (claim in claims ? [[claim, claims[claim]]] : []))
  return { ...answer, body: { ...Object.fromEntries(own), ...(answer.body as JsonBody) } }
}

/**
 * Adds how the user was authenticated, and by scope role and groups as they are now: an API that checks them asks this endpoint. Scopes that the
 * resource no longer has are left out.
 */
export async function addIntrospectedClaims(exchange: Exchange, answer: LibraryAnswer): Promise<LibraryAnswer> {
  const body = answer.body as JsonBody | undefined
  const [living] = exchange.tokens.values()
  const client = agreedClient(exchange)
  if (body?.['active'] !== true || living === undefined || client === undefined) return answer
  const { user, token, resource } = living
  const isForResource = resource !== null && body['aud'] !== undefined
  const granted = isForResource ? scopesWithin(scopesOf(token), resource, client) : scopesOf(token)
  const scopes = granted.filter((scope) => scope === 'roles' || scope === 'groups')
  const claims = await claimsOf(exchange.ctx, { client, user, scopes })
  const scope = isForResource ? { scope: granted.join(' ') || undefined } : {}
  return { ...answer, body: { ...body, ...scope, ...authenticationOf(token), ...claims } }
}

function authenticationOf({ payload }: Pick<GrantToken, 'payload'>): JsonBody {
  const { acr, amr, authTime } = JSON.parse(payload) as JsonBody
  return { acr, amr, auth_time: authTime }
}
