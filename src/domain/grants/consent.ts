// What a user agrees to before an app that is not trusted signs them in (OpenID Connect Core §3.1.2.4): a consent is for what an app learns and
// may do, so that more of it asks again, and less does not.
import type { Client, ClientScope } from '#domain/clients/client.ts'
import type { Resource } from '#domain/clients/resource.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/**
 * One thing that an app learns or may do: `scope:` with a scope, `attribute:` with the key of an attribute, `group:` with the id of a group
 * that it sees, `groups:all`, `email:unconfirmed`, or `resource:` with the id of a resource, and after a `#` a scope of it. Another resource that
 * is registered with the same URI later is another one, to which no user has agreed.
 */
export type ConsentItem = string

export interface Consent {
  readonly clientId: string
  readonly subject: string
  /** In order. */
  readonly items: readonly ConsentItem[]
  readonly givenAt: Instant
  /** The digest of what the document of an agent said; null for an app that an admin has registered. */
  readonly document: string | null
}

type Shared = Pick<Client, 'scopes' | 'sharedGroups' | 'unconfirmedEmail' | 'attributes'>

/** Returns what an app learns and may do by scopes that it requests, as far as its row allows them, in order. */
export function consentItems(client: Shared, scopes: readonly string[]): ConsentItem[] {
  const { sharedGroups, unconfirmedEmail, attributes } = client
  const has = (scope: ClientScope): boolean => scopes.includes(scope) && client.scopes.includes(scope)
  const named = client.scopes.filter((scope) => scope !== 'openid' && has(scope)).map((scope) => `scope:${scope}`)
  const groups = sharedGroups === 'all' ? [ALL_GROUPS] : sharedGroups.map((id) => GROUP + id)
  return [
    ...named,
    ...(has('email') && unconfirmedEmail ? ['email:unconfirmed'] : []),
    ...(has('profile') ? attributes.map(({ key }) => `attribute:${key}`) : []),
    ...(has('groups') ? groups : []),
  ].toSorted()
}

/** Returns what an app may do at a resource by scopes that it requests, in order. Beside `consentItems`, where a request names a resource. */
export function resourceConsentItems(
  { id, scopes: offered }: Pick<Resource, 'id' | 'scopes'>,
  scopes: readonly string[],
): ConsentItem[] {
  const requested = offered.filter((scope) => scopes.includes(scope))
  return [resourceItem(id), ...requested.map((scope) => resourceItem(id, scope))].toSorted()
}

/** Returns what stands for the resource with this id, or for a scope of it. */
export function resourceItem(id: string, scope?: string): ConsentItem {
  return `resource:${id}${scope === undefined ? '' : `#${scope}`}`
}

const ALL_GROUPS = 'groups:all'
const GROUP = 'group:'

/** Whether a user who agreed to some things has agreed to all of others. */
export function coversItems(agreed: readonly ConsentItem[], requested: readonly ConsentItem[]): boolean {
  const hasAllGroups = agreed.includes(ALL_GROUPS)
  return requested.every((item) => agreed.includes(item) || (hasAllGroups && item.startsWith(GROUP)))
}

/** Returns the app with what its row allows as far as a user has agreed to it, so that a row that allows more since gives no more of them. */
export function withinConsent<Row extends Shared>(client: Row, agreed: readonly ConsentItem[]): Row {
  const has = (item: ConsentItem): boolean => coversItems(agreed, [item])
  return {
    ...client,
    scopes: client.scopes.filter((scope) => scope === 'openid' || has(`scope:${scope}`)),
    sharedGroups: groupsWithin(client, agreed),
    unconfirmedEmail: client.unconfirmedEmail && has('email:unconfirmed'),
    attributes: client.attributes.filter(({ key }) => has(`attribute:${key}`)),
  }
}

function groupsWithin({ sharedGroups }: Shared, agreed: readonly ConsentItem[]): Shared['sharedGroups'] {
  if (agreed.includes(ALL_GROUPS)) return sharedGroups
  const ids = agreed.filter((item) => item.startsWith(GROUP)).map((item) => item.slice(GROUP.length))
  return sharedGroups === 'all' ? ids : sharedGroups.filter((id) => ids.includes(id))
}
