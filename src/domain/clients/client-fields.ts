// Rules for what an admin says about an app: what is possible, and which changes a second admin must approve.
import { errorsInDistinctName } from '#foundation/kernel/distinct-name.ts'
import { snakeCase } from '#foundation/kernel/field-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { isReservedKey } from '#foundation/kernel/reserved-keys.ts'
import { APP_AGES, CLIENT_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { type Duration, seconds } from '#foundation/kernel/time.ts'
import { type Client, CLIENT_SCOPES, type ClientFields, isPublic, NEW_CLIENT, signsUsersIn } from './client.ts'
import { fieldErrorsInRedirectUris, REDIRECT_URI_MAXIMUM } from './redirect-uri.ts'

export const MOST_CLIENT_ATTRIBUTES = 50
export const MOST_SHARED_GROUPS = 200
/** The most roles, and the most groups, that may use an app. */
export const MOST_ALLOWED = 100

/** A claim of an app's own. It begins with a letter, so that none has a meaning of its own in JavaScript, as `__proto__` has. */
export const CLAIM_PATTERN = '^[A-Za-z][\\w.:/-]{0,99}$'
const CLAIM = new RegExp(CLAIM_PATTERN)

/** Returns the fields as they are stored: texts in Unicode form NFC without spaces around them, lists in one order, without empty lines. */
export function normalizedClient(fields: ClientFields): ClientFields {
  const { name, redirectUris, logoutUris, scopes, sharedGroups, attributes } = fields
  return {
    ...fields,
    name: name.normalize('NFC').trim(),
    redirectUris: withoutBlanks(redirectUris),
    logoutUris: withoutBlanks(logoutUris),
    scopes: CLIENT_SCOPES.filter((scope) => scope === 'openid' || scopes.includes(scope)),
    sharedGroups: sharedGroups === 'all' ? sharedGroups : [...new Set(sharedGroups)].toSorted(),
    allowedRoles: [...new Set(fields.allowedRoles)].toSorted(),
    allowedGroups: [...new Set(fields.allowedGroups)].toSorted(),
    startUrl: fields.startUrl?.trim() || null,
    backchannelUri: fields.backchannelUri?.trim() || null,
    attributes: attributes.toSorted((a, b) => (a.claim < b.claim ? -1 : 1)),
  }
}

function withoutBlanks(uris: readonly string[]): string[] {
  return uris.map((uri) => uri.trim()).filter((uri) => uri !== '')
}

/**
 * Returns the errors of an app's fields, which are normalized, at `/name`, `/redirect_uris` and so on; at most one for each. Whether groups and
 * attributes exist is asked elsewhere.
 */
export function fieldErrorsInClient(fields: ClientFields): FieldError[] {
  return [
    ...errorsInDistinctName(fields.name, CLIENT_NAME_MAXIMUM, 'app.name_characters'),
    ...errorsInUris(fields),
    ...errorsInTrust(fields),
    ...errorsInGroups(fields),
    ...errorsInAttributes(fields),
    ...(signsUsersIn(fields) ? [...errorsInAccess(fields), ...errorsInStart(fields)] : errorsInApi(fields)),
  ]
}

function errorsInUris(fields: ClientFields): FieldError[] {
  const { redirectUris, logoutUris, allowHttp } = fields
  const pointer = '/redirect_uris'
  if (!signsUsersIn(fields)) {
    return redirectUris.length + logoutUris.length === 0 ? [] : [{ pointer, code: 'app.api_uris' }]
  }
  return [
    // An app that signs users in by device codes alone sends no browser anywhere.
    ...(redirectUris.length === 0 && !fields.deviceSignIn ? [{ pointer, code: 'app.uri_missing' }] : []),
    ...fieldErrorsInRedirectUris({ uris: redirectUris, allowHttp }, pointer),
    ...fieldErrorsInRedirectUris({ uris: logoutUris, allowHttp }, '/logout_uris'),
    ...errorsInBackchannel(fields),
  ]
}

/** This server sends logout tokens to the URI, so its scheme must be http or https, and the rules of redirect URIs hold for it. */
function errorsInBackchannel({ backchannelUri, allowHttp }: ClientFields): FieldError[] {
  const pointer = '/backchannel_uri'
  if (backchannelUri === null) return []
  if (!/^https?:/i.test(backchannelUri)) return [{ pointer, code: 'app.uri_scheme' }]
  return fieldErrorsInRedirectUris({ uris: [backchannelUri], allowHttp }, pointer)
}

/** What an app may be trusted with, by whether it can keep a secret. */
function errorsInTrust(fields: ClientFields): FieldError[] {
  const { kind, scopes, refreshTokens, requirePkce } = fields
  return [
    ...(kind === 'api' && isPublic(fields) ? [{ pointer: '/auth_method', code: 'app.api_secret' }] : []),
    ...(kind === 'browser' && !isPublic(fields) ? [{ pointer: '/auth_method', code: 'app.browser_secret' }] : []),
    // Without a secret and a challenge, a stolen code is enough (RFC 9700 §2.1.1).
    ...(isPublic(fields) && !requirePkce ? [{ pointer: '/require_pkce', code: 'app.public_without_pkce' }] : []),
    ...(scopes.includes('offline_access') && !refreshTokens
      ? [{ pointer: '/refresh_tokens', code: 'app.offline_without_refresh' }]
      : []),
  ]
}

function errorsInGroups({ sharedGroups }: ClientFields): FieldError[] {
  if (sharedGroups === 'all' || sharedGroups.length <= MOST_SHARED_GROUPS) return []
  return [{ pointer: '/shared_groups', code: 'field.too_many', facts: { maximum: MOST_SHARED_GROUPS } }]
}

/** An attribute must not pass for what this server itself says of a user, also where an app reads names without case. */
function errorsInAttributes({ attributes }: ClientFields): FieldError[] {
  const pointer = '/attributes'
  const claims = attributes.map(({ claim }) => claim.toLowerCase())
  if (attributes.length > MOST_CLIENT_ATTRIBUTES) {
    return [{ pointer, code: 'field.too_many', facts: { maximum: MOST_CLIENT_ATTRIBUTES } }]
  }
  if (attributes.some(({ claim }) => !CLAIM.test(claim))) return [{ pointer, code: 'app.claim_characters' }]
  if (claims.some(isReservedKey)) return [{ pointer, code: 'app.claim_reserved' }]
  return new Set(claims).size < claims.length ? [{ pointer, code: 'app.claim_repeated' }] : []
}

/** What an app says about the people who open it. An API that said so would seem to be closed to others, whose apps get tokens for it. */
const OF_PEOPLE = ['allowedRoles', 'allowedGroups', 'leastAssurance', 'maxAge', 'startUrl', 'backchannelUri'] as const

function errorsInApi(fields: ClientFields): FieldError[] {
  const given = OF_PEOPLE.filter((field) => textOf(fields, field) !== '')
  return given.map((field) => ({ pointer: `/${snakeCase(field)}`, code: 'app.api_people' }))
}

/** Who may use an app, and how recently they must have authenticated. */
function errorsInAccess({ allowedRoles, allowedGroups, maxAge }: ClientFields): FieldError[] {
  const tooMany = (pointer: string, list: readonly string[]): FieldError[] =>
    list.length <= MOST_ALLOWED ? [] : [{ pointer, code: 'field.too_many', facts: { maximum: MOST_ALLOWED } }]
  const isAgePossible = maxAge === null || isPossibleAge(seconds(maxAge))
  return [
    ...tooMany('/allowed_roles', allowedRoles),
    ...tooMany('/allowed_groups', allowedGroups),
    ...(isAgePossible ? [] : [{ pointer: '/max_age', code: 'app.max_age' }]),
  ]
}

/** Whether an app can require an authentication of at most this age: whole seconds, within the limits. */
export function isPossibleAge(age: Duration): boolean {
  return age % seconds(1) === 0 && age >= APP_AGES.shortest && age <= APP_AGES.longest
}

/** The start page links to it, so it must be a page of the web. */
function errorsInStart({ startUrl }: ClientFields): FieldError[] {
  const pointer = '/start_url'
  if (startUrl === null) return []
  if (startUrl.length > REDIRECT_URI_MAXIMUM)
    return [{ pointer, code: 'field.too_long', facts: { maximum: REDIRECT_URI_MAXIMUM } }]
  const url = URL.parse(startUrl)
  const isPossible = url?.protocol === 'https:' && url.username === '' && url.password === ''
  return isPossible ? [] : [{ pointer, code: 'app.start_url' }]
}

/** Returns the names of the fields that differ. */
export function changedFields(before: ClientFields, after: ClientFields): (keyof ClientFields)[] {
  return FIELDS.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
}

/** Returns what an event says of a change: the fields by their names in the API, each with its text after and before. */
export function changeDetails(before: ClientFields, after: ClientFields): Readonly<Record<string, string>> {
  const fields = changedFields(before, after)
  const names = fields.map(snakeCase)
  const texts = fields.map((field) => ({
    [snakeCase(field)]: textOf(after, field),
    [`${snakeCase(field)}_before`]: textOf(before, field),
  }))
  return Object.assign({ fields: names.join(' ') }, ...texts) as Readonly<Record<string, string>>
}

/** Returns the value of a field as an event has it. */
export function textOf(fields: ClientFields, field: keyof ClientFields): string {
  if (field === 'attributes') return fields.attributes.map(({ key, claim }) => `${claim}=${key}`).join(' ')
  const value = fields[field]
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}

const FIELDS = Object.keys(NEW_CLIENT) as (keyof ClientFields)[]

/** What is shown of an app, and decides about nothing. */
const SHOWN: readonly (keyof ClientFields)[] = ['name', 'startUrl', 'hidden', 'preset']

/** Returns the changed fields that a second admin must approve under the two-person rule: all but what is shown, and a shorter list of URIs. */
export function whatNeedsApproval(before: ClientFields, after: ClientFields): (keyof ClientFields)[] {
  return changedFields(before, after).filter((field) => {
    if (field === 'redirectUris' || field === 'logoutUris')
      return after[field].some((uri) => !before[field].includes(uri))
    return !SHOWN.includes(field)
  })
}

/** Returns the fields of an app without the rest of its row. */
export function fieldsOf({
  id: _id,
  createdAt: _at,
  createdBy: _by,
  disabledAt: _disabledAt,
  revision: _revision,
  ...fields
}: Client): ClientFields {
  return fields
}
