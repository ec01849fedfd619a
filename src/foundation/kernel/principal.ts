// The principal of a request, and its permissions.
import type { AssuranceTerms } from './assurance.ts'
import type { Duration, Instant } from './time.ts'

/** What a user may do beyond the own account. */
export const PERMISSIONS = [
  'users:read',
  'users:help',
  'users:write',
  'users:reset-factors',
  'groups:write',
  'roles:write',
  'audit:read',
  'policy:write',
  'apps:write',
  'server:read',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** What a permission includes: everything that the included ones open, it opens too. */
const INCLUDED: Partial<Readonly<Record<Permission, readonly Permission[]>>> = {
  'users:write': ['users:help', 'server:read'],
}

/** Returns these permissions with those that they include. */
export function withIncluded(permissions: readonly Permission[]): readonly Permission[] {
  const included = permissions.flatMap((permission) => INCLUDED[permission] ?? [])
  return included.every((permission) => permissions.includes(permission))
    ? permissions
    : PERMISSIONS.filter((permission) => permissions.includes(permission) || included.includes(permission))
}

/** Without what a permission opens nothing. */
const NEEDED: Partial<Readonly<Record<Permission, readonly Permission[]>>> = {
  'users:help': ['users:read'],
  'server:read': ['users:read'],
}

/** Returns the permissions without which this one opens nothing. */
export function neededFor(permission: Permission): readonly Permission[] {
  return NEEDED[permission] ?? []
}

/** The scopes of API tokens: reading or changing the own account, and each permission. */
export const SCOPES = ['self:read', 'self:write', ...PERMISSIONS] as const
export type Scope = (typeof SCOPES)[number]

/** The roles that always exist: all permissions, and none. `domain/roles` has the others. */
export const BUILT_IN_ROLES = ['admin', 'user'] as const
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number]

/** How a session token travels. A token is refused on the other transport. */
export type Transport = 'cookie' | 'bearer'

/** Where a request comes from. */
export interface RequestSource {
  /** The client's IP address as text, after trusted proxies were taken into account. */
  readonly ipAddress: string
  /** The part of the IP address that one party controls: an IPv4 address, or the /64 of an IPv6 address. */
  readonly network: string
  readonly userAgent: string | null
  /** The device cookie as the browser sent it; null on routes that are no page. */
  readonly deviceCookie: string | null
}

/** The authenticated user: the columns that every request reads. */
export interface PrincipalUser {
  readonly id: number
  readonly subject: string
  readonly username: string
  readonly email: string | null
  readonly emailVerifiedAt: Instant | null
  readonly fullName: string | null
  /** `admin`, `user` or the name of another role. */
  readonly role: string
  /** The permissions of the role. `permissionsOfUser` says which of them the user has now. */
  readonly rolePermissions: readonly Permission[]
  readonly disabled: boolean
  readonly credentialEpoch: number
  readonly revision: number
  readonly createdAt: Instant | null
  readonly secondFactorAt: Instant | null
  /** Since when the user has a passkey. */
  readonly passkeyAt: Instant | null
  readonly lastSignInAt: Instant | null
  readonly invitedAt: Instant | null
  readonly passwordChangeAskedAt: Instant | null
  /** From this instant on the user cannot sign in; null without an end. `isShutOut` evaluates it. */
  readonly expiresAt: Instant | null
  readonly locale: string | null
  readonly timeZone: string | null
}

/** The session of a request. */
export interface SessionFacts {
  readonly id: string
  /** SHA-256 of the token of the request. Each write reads the session again by it. */
  readonly tokenHash: string
  readonly transport: Transport
  /** The factors verified in this session so far, in order. */
  readonly methods: readonly string[]
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  /** When factors were last verified: at sign-in, or since then by re-authentication (OIDC `auth_time`). */
  readonly authenticatedAt: Instant
  /** The factors that were verified then. */
  readonly authenticationMethods: readonly string[]
}

/** What the policies for its user ask of a session, as they were when it was read. Milliseconds. */
export interface SessionTerms extends AssuranceTerms {
  /** The session ends after this time without a request (sliding). */
  readonly idle: Duration
  /** The session ends this long after its start, even if it is in use. */
  readonly absolute: Duration
  /** The resolution of `lastSeenAt`: a later use is written at most this often. */
  readonly touchEvery: Duration
  /** How old the last authentication may be at a sensitive action. */
  readonly reauthentication: Duration
}

/** The API token of a request. It has no authentication time: no factor is verified with it. */
export interface TokenFacts {
  readonly id: string
  /** SHA-256 of the token. Each write reads the token again by it. */
  readonly tokenHash: string
  readonly scopes: readonly Scope[]
}

/** A user in a session, with all permissions of the user. */
export interface SessionPrincipal {
  readonly kind: 'session'
  readonly source: RequestSource
  readonly user: PrincipalUser
  readonly session: SessionFacts
  readonly terms: SessionTerms
}

/** A program with an API token, with those permissions of its user that the token's scopes contain. */
export interface ApiTokenPrincipal {
  readonly kind: 'api-token'
  readonly source: RequestSource
  readonly user: PrincipalUser
  readonly token: TokenFacts
}

export type AuthenticatedPrincipal = SessionPrincipal | ApiTokenPrincipal

/** A request that a second admin has approved, or whose waiting time has passed. It acts for the admin who made it. */
export interface ApprovedPrincipal {
  readonly kind: 'approved'
  readonly source: RequestSource
  readonly user: PrincipalUser
  /** The id of the request. */
  readonly approval: string
}

/** Nobody who is signed in. */
export interface AnonymousPrincipal {
  readonly kind: 'anonymous'
  readonly source: RequestSource
  /** SHA-256 of the session cookie that a browser still sends for a page, although its session has ended or never existed. */
  readonly endedTokenHash?: string
}

/** The party that makes a request; `operator` is a command on the server's own machine. */
export type Principal =
  | AnonymousPrincipal
  | AuthenticatedPrincipal
  | ApprovedPrincipal
  | { readonly kind: 'operator'; readonly source: RequestSource }

/** A user has the permissions of the role, and what they include, only while enabled and with a confirmed second factor. */
export function permissionsOfUser(
  user: Pick<PrincipalUser, 'rolePermissions' | 'secondFactorAt' | 'disabled'>,
): readonly Permission[] {
  return user.secondFactorAt !== null && !user.disabled ? withIncluded(user.rolePermissions) : []
}

/** Returns the scopes of an API token with the permissions that they include. */
export function scopesWithIncluded(scopes: readonly Scope[]): readonly Scope[] {
  return [...scopes, ...withIncluded(PERMISSIONS.filter((permission) => scopes.includes(permission)))]
}

/** The permissions of a request: those of its user, and for an API token only those that its scopes contain. */
export function permissionsOf(principal: Principal): readonly Permission[] {
  switch (principal.kind) {
    case 'anonymous':
      return []
    case 'session':
    case 'approved':
      return permissionsOfUser(principal.user)
    case 'api-token': {
      const scopes = scopesWithIncluded(principal.token.scopes)
      return permissionsOfUser(principal.user).filter((permission) => scopes.includes(permission))
    }
    case 'operator':
      return PERMISSIONS
  }
}

export function isAuthenticated(principal: Principal): principal is AuthenticatedPrincipal {
  return principal.kind === 'session' || principal.kind === 'api-token'
}

/** The subject of the user who acts, or for whom an approved request acts; null for an anonymous principal and for the operator. */
export function actorOf(principal: Principal): string | null {
  return isAuthenticated(principal) || principal.kind === 'approved' ? principal.user.subject : null
}
