// What a user grants to an app with a code, as the grant keeps it.
import type { AdapterPayload } from 'oidc-provider'

import { type Client, CLIENT_SCOPES } from '#domain/clients/client.ts'
import type { Resource } from '#domain/clients/resource.ts'
import type { Exchange } from './exchange.service.ts'
import { scopesWithin } from './resource-scopes.ts'

/** Returns the resource that the authorization has named; undefined for tokens for this server alone. */
export function namedResource({ resources }: Exchange, { resource: uri }: AdapterPayload): Resource | undefined {
  if (uri === undefined) return undefined
  const resource = resources.get(String(uri))
  if (resource === undefined) throw new Error('A code is issued for a resource that was not checked')
  return resource
}

/** Returns what was asked for, as far as the app may ask for it. */
export function grantPayload(
  { scope, claims }: AdapterPayload,
  client: Pick<Client, 'scopes'>,
  resource: Resource | undefined,
): string {
  const names = Object.values(claims ?? {}).flatMap((of) => Object.keys(of ?? {}))
  const openid = { scope, claims: [...new Set(names)].toSorted() }
  if (resource === undefined) return JSON.stringify({ openid })
  const scopes = scope?.split(' ') ?? []
  const own = scopes.filter((one) => CLIENT_SCOPES.some((known) => known === one))
  return JSON.stringify({
    openid: { ...openid, scope: own.join(' ') },
    resources: { [resource.uri]: scopesWithin(scopes, resource, client).join(' ') },
  })
}
