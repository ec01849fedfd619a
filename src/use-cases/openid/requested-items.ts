// What a request of an app asks for of its user's data, and what its user has agreed to for a grant.
// Tested in requested-items.test.ts.
import { type Client, CLIENT_SCOPES } from '#domain/clients/client.ts'
import type { Resource } from '#domain/clients/resource.ts'
import { type ConsentItem, consentItems, resourceConsentItems } from '#domain/grants/consent.ts'
import type { Grant } from '#domain/grants/grant.ts'
import { scopesWithClaims } from './claims.ts'
import { scopesWithin } from './resource-scopes.ts'

/** A request, or what a code keeps of it. */
export interface RequestedAccess {
  readonly scope?: string | undefined
  /** The parameter `claims` as an object (OpenID Connect Core §5.5). */
  readonly claims?: unknown
  /** The API that the access tokens are for; undefined for this server alone. */
  readonly resource?: Pick<Resource, 'id' | 'uri' | 'scopes'> | undefined
}

/**
 * Returns what an app can learn and do by a request: by its scopes, by the scopes of claims that it names, and at the resource that it
 * names. An app that may outlive sessions does so without asking for it.
 */
export function requestedItems(client: Client, access: RequestedAccess): ConsentItem[] {
  return itemsOf(client, access, ['offline_access'])
}

/** Returns the same of the request of a device, which stays signed in beyond the session only where it asks for that. */
export function requestedByDevice(client: Client, access: RequestedAccess): ConsentItem[] {
  return itemsOf(client, access, [])
}

function itemsOf(
  client: Client,
  { scope = '', claims, resource }: RequestedAccess,
  unasked: readonly string[],
): ConsentItem[] {
  const scopes = scopesWithClaims(client, scope.split(' '), namedClaims(claims))
  const own = consentItems(client, [...scopes, ...unasked])
  return resource === undefined ? own : [...own, ...resourceConsentItems(resource, scopes)].toSorted()
}

/** Returns the names of the claims that the parameter `claims` asks for, at the userinfo endpoint and in the ID token. */
function namedClaims(claims: unknown): string[] {
  const { userinfo, id_token: idToken } = (claims ?? {}) as Readonly<Record<string, object | null | undefined>>
  return [...new Set([userinfo, idToken].flatMap((of) => Object.keys(of ?? {})))].toSorted()
}

/** Returns the payload of a grant: what was asked for, as far as the app may ask for it, and what the user of an app that is not trusted agreed to. */
export function grantPayload(
  { scope = '', claims, resource }: RequestedAccess,
  client: Pick<Client, 'scopes'>,
  agreed: readonly ConsentItem[] | undefined,
): string {
  const names = namedClaims(claims)
  if (resource === undefined) return JSON.stringify({ openid: { scope, claims: names }, agreed })
  const scopes = scope.split(' ')
  const own = scopes.filter((one) => CLIENT_SCOPES.some((known) => known === one))
  return JSON.stringify({
    openid: { scope: own.join(' '), claims: names },
    resources: { [resource.uri]: scopesWithin(scopes, resource, client).join(' ') },
    agreed,
  })
}

/** Returns what the user agreed to for this grant; undefined if the app was trusted, so that they were not asked. */
export function agreedItems({ payload }: Pick<Grant, 'payload'>): readonly ConsentItem[] | undefined {
  return (JSON.parse(payload) as { readonly agreed?: readonly ConsentItem[] }).agreed
}
