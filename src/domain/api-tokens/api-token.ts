// The rules of API tokens: valid names, scopes and lifetimes, and whether a token is still valid.
import { GIVEN_NAME_MAXIMUM, isPlainName } from '#foundation/kernel/given-name.ts'
import { permissionsOfUser, type PrincipalUser, type Scope, SCOPES } from '#foundation/kernel/principal.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { TOKEN_LIFETIMES } from '#foundation/kernel/stated-limits.ts'
import { CLOCK_TOLERANCE, days, type Duration, type Instant, minutes } from '#foundation/kernel/time.ts'

export interface ApiToken {
  readonly id: string
  readonly subject: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly lastUsedAt: Instant | null
  readonly revokedAt: Instant | null
  /** The protected host that it opens, and nothing else; null for one that is for this server's API. */
  readonly hostId: string | null
}

/** How many valid tokens a user may have. */
export const TOKENS_MAXIMUM = 25
export const STANDARD_LIFETIME: Duration = days(90)
/** The resolution of `lastUsedAt`: a later use is written at most this often. */
const TOUCH_EVERY: Duration = minutes(1)

/** Returns the state of a token; it is expired from the instant `expiresAt` on. */
export function apiTokenStatus(
  { revokedAt, expiresAt, lastUsedAt }: Pick<ApiToken, 'revokedAt' | 'expiresAt' | 'lastUsedAt'>,
  now: Instant,
): 'fresh' | 'due-for-touch' | 'revoked' | 'expired' {
  if (revokedAt !== null) return 'revoked'
  if (now >= expiresAt) return 'expired'
  const usedAgo = now - (lastUsedAt ?? -Infinity)
  return usedAgo >= TOUCH_EVERY || usedAgo < -CLOCK_TOLERANCE ? 'due-for-touch' : 'fresh'
}

/**
 * Whether the tokens of this user are valid. A token never has more rights than its user: none while the user is disabled or lacks a
 * second factor that the policies require and allow.
 */
export function mayUseTokens(user: PrincipalUser, meetsPolicy: boolean): boolean {
  return !user.disabled && meetsPolicy
}

/** Returns whether a user has the second factor that the policies ask for, by those that the query has read; undefined if they are yet to be read. */
export type MeetsPolicy = (user: PrincipalUser, policies: string | null | undefined) => boolean | Promise<boolean>

/** Returns the scopes that a new token of this user may have: only what the user may do now, so that a later role adds none. */
export function scopesFor(user: PrincipalUser): readonly Scope[] {
  const permitted: readonly Scope[] = ['self:read', 'self:write', ...permissionsOfUser(user)]
  return SCOPES.filter((scope) => permitted.includes(scope))
}

/** Scopes that no route accepts from a token, since those routes require recent authentication. Tokens of before may have them. */
const WITHOUT_ROUTE: readonly Scope[] = ['users:reset-factors']

/** The scopes that pages and the command line offer. */
export const OFFERED_SCOPES: readonly Scope[] = SCOPES.filter((scope) => !WITHOUT_ROUTE.includes(scope))

export interface WantedToken {
  readonly name: string
  /** Empty for a token of a host. */
  readonly scopes: readonly Scope[]
  readonly expiresAt: Instant
  /** The id of the protected host that it is for; whether it takes tokens is asked elsewhere. */
  readonly hostId?: string | null
}

/** Returns the field errors of a requested token, at `/name`, `/scopes` and `/expires_at`. */
export function fieldErrorsInToken(
  { name, scopes, expiresAt, hostId = null }: WantedToken,
  user: PrincipalUser,
  now: Instant,
): FieldError[] {
  const lifetime = expiresAt - now
  const inTime = lifetime >= TOKEN_LIFETIMES.shortest && lifetime <= TOKEN_LIFETIMES.longest
  return [
    ...fieldErrorsInName(name),
    ...(hostId === null ? fieldErrorsInScopes(scopes, scopesFor(user)) : fieldErrorsInScopesAtHost(scopes)),
    ...(inTime ? [] : [{ pointer: '/expires_at', code: 'api_token.expiry' }]),
  ]
}

function fieldErrorsInName(name: string): FieldError[] {
  const pointer = '/name'
  if (name.trim() === '') return [{ pointer, code: 'field.missing' }]
  const length = Array.from(name.normalize('NFC')).length
  if (length > GIVEN_NAME_MAXIMUM) return [{ pointer, code: 'field.too_long', facts: { maximum: GIVEN_NAME_MAXIMUM } }]
  return isPlainName(name) ? [] : [{ pointer, code: 'field.characters' }]
}

function fieldErrorsInScopes(scopes: readonly Scope[], possible: readonly Scope[]): FieldError[] {
  const pointer = '/scopes'
  if (scopes.length === 0) return [{ pointer, code: 'api_token.no_scope' }]
  const beyond = scopes.some((scope) => !possible.includes(scope))
  return beyond ? [{ pointer, code: 'api_token.scope_beyond' }] : []
}

/** The app behind a host receives the token, so it must be good for nothing else. */
function fieldErrorsInScopesAtHost(scopes: readonly Scope[]): FieldError[] {
  return scopes.length === 0 ? [] : [{ pointer: '/scopes', code: 'api_token.scope_at_host' }]
}

/** Returns the scopes of a stored text, without those that only a newer version of the program knows. */
export function scopesIn(text: string): readonly Scope[] {
  const words = text.split(' ')
  return SCOPES.filter((scope) => words.includes(scope))
}
