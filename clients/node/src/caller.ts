// Who sends a request, and what an API demands of them.

/** Whom an access token stands for. */
export interface Caller {
  /** `sub`: random, and never changes. */
  readonly subject: string
  /** The app that got the token. */
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Empty unless the token has the scope `roles`; the same of groups. */
  readonly roles: readonly string[]
  readonly groups: readonly string[]
  /** How strong the sign-in was, such as `urn:doorward:two-factors`. */
  readonly acr: string | undefined
  /** When the user last proved who they are. */
  readonly authenticatedAt: Date | undefined
  /** All that the introspection says (RFC 7662 §2.2). */
  readonly claims: Readonly<Record<string, unknown>>
}

/** What a request needs beside a token. Everything that is named must hold. */
export interface Demands {
  readonly scopes?: readonly string[]
  /** One of these roles. */
  readonly roles?: readonly string[]
  /** One of these groups. */
  readonly groups?: readonly string[]
  /** At least so strong a sign-in (RFC 9470). */
  readonly acr?: Assurance
  /** Seconds since the user last proved who they are (RFC 9470). */
  readonly maxAge?: number
}

/** From weak to strong. */
const ASSURANCES = ['urn:doorward:one-factor', 'urn:doorward:two-factors', 'urn:doorward:phishing-resistant'] as const
export type Assurance = (typeof ASSURANCES)[number]

/** A request that must not go on: its status, and the header `WWW-Authenticate` that says what is missing (RFC 6750 §3). */
export class AccessError extends Error {
  override readonly name = 'AccessError'
  readonly status: 401 | 403 | 503
  readonly challenge: string | undefined

  constructor(status: 401 | 403 | 503, message: string, challenge?: string) {
    super(message)
    this.status = status
    this.challenge = challenge
  }

  /** The headers of the answer. */
  get headers(): Readonly<Record<string, string>> {
    if (this.challenge !== undefined) return { 'www-authenticate': this.challenge }
    return this.status === 503 ? { 'retry-after': '1' } : {}
  }
}

/** Throws an `AccessError` for the first demand that the caller does not meet, and a `TypeError` for one that no caller could. */
export function requireDemands(caller: Caller, demands: Demands, now: number): void {
  const { scopes = [], roles, groups, acr, maxAge, ...unknown } = demands
  // A slip in a program without types would open its route.
  const [slip] = Object.keys(unknown)
  if (slip !== undefined) throw new TypeError(`There is no demand "${slip}"`)
  if (acr !== undefined && !ASSURANCES.includes(acr)) throw new TypeError(`There is no level "${String(acr)}"`)
  if (maxAge !== undefined && !(maxAge >= 0)) throw new TypeError(`maxAge is ${maxAge}`)
  if (!scopes.every((scope) => caller.scopes.includes(scope)))
    throw refused(403, 'insufficient_scope', 'The token lacks a scope', { scope: scopes.join(' ') })
  if (roles !== undefined && !roles.some((role) => caller.roles.includes(role)))
    throw new AccessError(403, 'The role of this user may not do this')
  if (groups !== undefined) requireGroup(caller, groups)
  const age = caller.authenticatedAt === undefined ? Infinity : (now - caller.authenticatedAt.getTime()) / 1000
  const isWeak = acr !== undefined && strengthOf(caller.acr) < strengthOf(acr)
  if (isWeak || (maxAge !== undefined && age > maxAge))
    throw refused(401, 'insufficient_user_authentication', 'This needs another sign-in', {
      ...(acr !== undefined && { acr_values: acr }),
      ...(maxAge !== undefined && { max_age: String(maxAge) }),
    })
}

/** Throws an `AccessError` unless the user is in one of these groups. */
export function requireGroup(user: { readonly groups: readonly string[] }, groups: readonly string[]): void {
  if (!groups.some((group) => user.groups.includes(group)))
    throw new AccessError(403, 'The groups of this user may not do this')
}

/** An unknown level is weaker than each known one. */
function strengthOf(acr: string | undefined): number {
  return ASSURANCES.findIndex((known) => known === acr)
}

export function refused(
  status: 401 | 403,
  error: string,
  message: string,
  parameters: Readonly<Record<string, string>> = {},
): AccessError {
  const listed = Object.entries({ error, ...parameters }).map(([name, value]) => `${name}="${value}"`)
  return new AccessError(status, message, `Bearer ${listed.join(', ')}`)
}
