// The resource that a request has named, which the library had checked before.
import type { Resource } from '#domain/clients/resource.ts'
import type { Exchange } from './exchange.service.ts'

/** Returns the resource that an authorization names; undefined for tokens for this server alone. */
export function namedResource(
  { resources }: Exchange,
  { resource: uri }: { readonly resource?: unknown },
): Resource | undefined {
  if (uri === undefined || uri === '') return undefined
  const resource = typeof uri === 'string' ? resources.get(uri) : undefined
  if (resource === undefined) throw new Error('An authorization names a resource that was not checked')
  return resource
}
