// Which scopes a token for a resource can have. Tested in test/stories/resources.test.ts.
import type { Client, ClientScope } from '#domain/clients/client.ts'
import type { Resource } from '#domain/clients/resource.ts'

/** The scopes by which an API learns role and groups of the user, at each resource (RFC 9068 §2.2.3.1). */
const LEARNED: readonly ClientScope[] = ['roles', 'groups']

/**
 * Returns the scopes of a resource for an app: those of the resource itself, and those by which the API learns role and groups, as far as the app
 * may have them. The app can read a JWT, so a token holds only what the app itself may learn.
 */
export function scopesAt({ scopes }: Pick<Resource, 'scopes'>, client: Pick<Client, 'scopes'>): string[] {
  return [...scopes, ...LEARNED.filter((scope) => client.scopes.includes(scope))]
}

/** Returns those of the scopes, in their order, that a resource has for an app. */
export function scopesWithin(
  scopes: Iterable<string>,
  resource: Pick<Resource, 'scopes'>,
  client: Pick<Client, 'scopes'>,
): string[] {
  const known = scopesAt(resource, client)
  return [...scopes].filter((scope) => known.includes(scope))
}
