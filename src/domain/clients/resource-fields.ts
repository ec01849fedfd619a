// Rules for what an admin says about a resource: what is possible, and which changes a second admin must approve.
import { errorsInDistinctName } from '#foundation/kernel/distinct-name.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import { isLoopback } from '#foundation/kernel/loopback.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { CLIENT_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { CLIENT_SCOPES } from './client.ts'
import { AUTHORITY, PLAIN_URI, REDIRECT_URI_MAXIMUM } from './redirect-uri.ts'
import { errorsInLifetime, NEW_RESOURCE, type Resource, type ResourceFields } from './resource.ts'

export const RESOURCE_URI_MAXIMUM = REDIRECT_URI_MAXIMUM
export const MOST_RESOURCE_SCOPES = 50
export const RESOURCE_SCOPE_MAXIMUM = 100
export const MOST_RESOURCE_CLIENTS = 100

/** RFC 6749 §3.3: printable ASCII without spaces, double quotes and backslashes. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/** Scopes by which this server itself gives something, and those to which OpenID Connect Core §5.4 gives a meaning. */
const RESERVED_SCOPES: ReadonlySet<string> = new Set([...CLIENT_SCOPES, 'address', 'phone'])

/** Returns the fields as they are stored: texts without spaces around them, the name in Unicode form NFC, lists in one order. */
export function normalizedResource(fields: ResourceFields): ResourceFields {
  const { uri, name, scopes, allowedClients } = fields
  return {
    ...fields,
    uri: uri.trim(),
    name: name.normalize('NFC').trim(),
    scopes: inOrder(scopes),
    allowedClients: allowedClients === 'all' ? allowedClients : inOrder(allowedClients),
  }
}

function inOrder(words: readonly string[]): string[] {
  return [...new Set(words)].toSorted()
}

/**
 * Returns the errors of a resource's fields, which are normalized, at `/uri`, `/name` and so on; at most one for each. Whether the apps exist is
 * asked elsewhere.
 */
export function fieldErrorsInResource(fields: ResourceFields): FieldError[] {
  return [
    ...errorsInUri(fields.uri),
    ...errorsInDistinctName(fields.name, CLIENT_NAME_MAXIMUM, 'app.name_characters'),
    ...errorsInServer(fields),
    ...errorsInLifetime(fields),
    ...errorsInScopes(fields.scopes),
    ...errorsInClients(fields),
  ]
}

function errorsInUri(uri: string): FieldError[] {
  const code = errorIn(uri)
  return code === undefined ? [] : [{ pointer: '/uri', code, facts: { maximum: RESOURCE_URI_MAXIMUM } }]
}

/** An absolute URI without a fragment (RFC 8707 §2), by https but on this machine, in the one form in which a program writes it. */
function errorIn(uri: string): string | undefined {
  if (uri === '') return 'field.missing'
  if (uri.length > RESOURCE_URI_MAXIMUM) return 'app.uri_too_long'
  if (uri.includes('*')) return 'app.uri_wildcard'
  if (uri.includes('#')) return 'app.uri_fragment'
  const url = PLAIN_URI.test(uri) ? URL.parse(uri) : null
  const [, authority] = AUTHORITY.exec(uri) ?? []
  if (url === null || !authority) return 'resource.uri_malformed'
  if (authority.includes('@')) return 'app.uri_user_info'
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (!isSafe) return 'resource.uri_http'
  // Of two forms of one URI, programs would request the one and admins register the other.
  return uri === url.href || `${uri}/` === url.href ? undefined : 'resource.uri_form'
}

/** Without an app no token could be introspected, and an opaque one says nothing else. */
function errorsInServer({ tokenFormat, servedBy }: ResourceFields): FieldError[] {
  const isPossible = servedBy !== null || tokenFormat === 'jwt'
  return isPossible ? [] : [{ pointer: '/served_by', code: 'resource.app_missing' }]
}

function errorsInScopes(scopes: readonly string[]): FieldError[] {
  const pointer = '/scopes'
  if (scopes.length > MOST_RESOURCE_SCOPES) {
    return [{ pointer, code: 'field.too_many', facts: { maximum: MOST_RESOURCE_SCOPES } }]
  }
  const isPossible = (scope: string): boolean => SCOPE.test(scope) && scope.length <= RESOURCE_SCOPE_MAXIMUM
  if (!scopes.every(isPossible)) {
    return [{ pointer, code: 'resource.scope_characters', facts: { maximum: RESOURCE_SCOPE_MAXIMUM } }]
  }
  return scopes.some((scope) => RESERVED_SCOPES.has(scope)) ? [{ pointer, code: 'resource.scope_reserved' }] : []
}

function errorsInClients({ allowedClients }: ResourceFields): FieldError[] {
  if (allowedClients === 'all' || allowedClients.length <= MOST_RESOURCE_CLIENTS) return []
  return [{ pointer: '/allowed_clients', code: 'field.too_many', facts: { maximum: MOST_RESOURCE_CLIENTS } }]
}

const FIELDS = Object.keys(NEW_RESOURCE) as (keyof ResourceFields)[]

/** Returns the names of the fields that differ. */
export function changedResourceFields(before: ResourceFields, after: ResourceFields): (keyof ResourceFields)[] {
  return FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
}

/** Returns what an event says of a change: the fields by their names in the API, each with its text after and before. */
export function resourceChangeDetails(before: ResourceFields, after: ResourceFields): Readonly<Record<string, string>> {
  const fields = changedResourceFields(before, after)
  const texts = fields.map((field) => ({
    [snakeCase(field)]: textOf(after[field]),
    [`${snakeCase(field)}_before`]: textOf(before[field]),
  }))
  return Object.assign({ fields: fields.map(snakeCase).join(' ') }, ...texts) as Readonly<Record<string, string>>
}

function textOf(value: ResourceFields[keyof ResourceFields]): string {
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}

/**
 * Returns the changed fields that a second admin must approve under the two-person rule: all but another name, fewer scopes, fewer apps, and a
 * shorter life of the same tokens.
 */
export function whatNeedsApprovalOfResource(before: ResourceFields, after: ResourceFields): (keyof ResourceFields)[] {
  return changedResourceFields(before, after).filter((field) => {
    if (field === 'name') return false
    if (field === 'scopes') return !isPart(after.scopes, before.scopes)
    if (field === 'allowedClients') return !isPart(after.allowedClients, before.allowedClients)
    if (field === 'lifetime') return !(after.lifetime !== null && after.lifetime < (before.lifetime ?? 0))
    return true
  })
}

function isPart(part: 'all' | readonly string[], whole: 'all' | readonly string[]): boolean {
  if (whole === 'all') return true
  return part !== 'all' && part.every((one) => whole.includes(one))
}

/** Returns the fields of a resource without the rest of its row. */
export function fieldsOfResource(resource: Resource): ResourceFields {
  const { uri, name, servedBy, tokenFormat, lifetime, scopes, allowedClients } = resource
  return { uri, name, servedBy, tokenFormat, lifetime, scopes, allowedClients }
}
