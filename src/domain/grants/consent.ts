// What a user agrees to before an app that is not trusted signs them in (OpenID Connect Core §3.1.2.4): a consent is for what an app learns and
// may do, so that more of it asks again, and less does not.
import type { Client, ClientScope } from '#domain/clients/client.ts'
import type { Resource } from '#domain/clients/resource.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/**
 * One thing that an app learns or may do: `scope:` with a scope, `attribute:` with the key of an attribute, `group:` with the id of a group
 * that it sees, `groups:all`, `email:unconfirmed`, or `resource:` with the URI of a resource, and after a `#`, which no such URI has, a scope
 * of it.
 */
export type ConsentItem = string

export interface Consent {
  readonly clientId: string
  readonly subject: string
  /** In order. */
  readonly items: readonly ConsentItem[]
  readonly givenAt: Instant
}

type Shared = Pick<Client, 'scopes' | 'sharedGroups' | 'unconfirmedEmail' | 'attributes'>

/** Returns what an app learns and may do by scopes that it requests, as far as its row allows them, in order. */
export function consentItems(client: Shared, scopes: readonly string[]): ConsentItem[] {
  const { sharedGroups, unconfirmedEmail, attributes } = client
  const has = (scope: ClientScope): boolean => scopes.includes(scope) && client.scopes.includes(scope)
  const named = client.scopes.filter((scope) => scope !== 'openid' && has(scope)).map((scope) => `scope:${scope}`)
  const groups = sharedGroups === 'all' ? [ALL_GROUPS] : sharedGroups.map((id) => `group:${id}`)
  return [
    ...named,
    ...(has('email') && unconfirmedEmail ? ['email:unconfirmed'] : []),
    ...(has('profile') ? attributes.map(({ key }) => `attribute:${key}`) : []),
    ...(has('groups') ? groups : []),
  ].toSorted()
}

/** Returns what an app may do at a resource by scopes that it requests, in order. Beside `consentItems`, where a request names a resource. */
export function resourceConsentItems(
  { uri, scopes: offered }: Pick<Resource, 'uri' | 'scopes'>,
  scopes: readonly string[],
): ConsentItem[] {
  const requested = offered.filter((scope) => scopes.includes(scope))
  return [`resource:${uri}`, ...requested.map((scope) => `resource:${uri}#${scope}`)].toSorted()
}

const ALL_GROUPS = 'groups:all'

/** Whether a user who agreed to some things has agreed to all of others. */
export function coversItems(agreed: readonly ConsentItem[], requested: readonly ConsentItem[]): boolean {
  const hasAllGroups = agreed.includes(ALL_GROUPS)
  return requested.every((item) => agreed.includes(item) || (hasAllGroups && item.startsWith('group:')))
}
