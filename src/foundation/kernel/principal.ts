import type { Instant } from './time.ts'

/** What a person may do beyond their own account. */
export const PERMISSIONS = ['users:read', 'users:write', 'users:reset-factors', 'audit:read', 'policy:write'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** What an API token may be made for: reading or changing one's own account, or one of the permissions. */
export const SCOPES = ['self:read', 'self:write', ...PERMISSIONS] as const
export type Scope = (typeof SCOPES)[number]

export const ROLES = ['admin', 'user'] as const
export type Role = (typeof ROLES)[number]

/** How a session token travels; each is refused on the other transport. */
export type Transport = 'cookie' | 'bearer'

/** Where a request comes from. */
export interface Origin {
  /** The client's address as text, after trusted proxies were taken into account. */
  readonly address: string
  /** The part of the address that one party controls: an IPv4 address, or the /64 of an IPv6 address. */
  readonly network: string
  readonly agent: string | null
  /** What the browser keeps of the sign-ins finished in it, as it sent it; null on routes that are no page. */
  readonly browser: string | null
}

/** The signed-in person, as far as every request needs to know. */
export interface PrincipalUser {
  readonly id: number
  readonly subject: string
  readonly username: string
  readonly email: string | null
  readonly emailVerifiedAt: Instant | null
  readonly fullName: string | null
  readonly role: Role
  readonly disabled: boolean
  readonly credentialEpoch: number
  readonly revision: number
  readonly createdAt: Instant | null
  readonly secondFactorAt: Instant | null
  /** Since when they have a passkey. */
  readonly passkeyAt: Instant | null
  readonly lastSignInAt: Instant | null
  readonly invitedAt: Instant | null
  readonly passwordChangeAskedAt: Instant | null
  readonly locale: string | null
  readonly timeZone: string | null
}

/** Nobody acts as admin without a confirmed second factor. */
export function permissionsOf(
  user: Pick<PrincipalUser, 'role' | 'secondFactorAt' | 'disabled'>,
): readonly Permission[] {
  return user.role === 'admin' && user.secondFactorAt !== null && !user.disabled ? PERMISSIONS : []
}

/** With what a signed-in person asks: a session, or an API token of theirs. */
export interface SessionFacts {
  readonly id: string
  /** SHA-256 of the token of the request; every change looks it up again in its transaction. */
  readonly tokenHash: string
  /** `token` for an API token, with which nothing is proven at any time. */
  readonly transport: Transport | 'token'
  readonly methods: readonly string[]
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  /** When the person last proved who they are: at sign-in, or since by step-up; and what they proved it with. */
  readonly authenticatedAt: Instant
  readonly authenticationMethods: readonly string[]
  /** What an API token is for; null for a session, which may do whatever its user may. */
  readonly scopes: readonly Scope[] | null
}

/** Who asks: nobody yet, a signed-in person, or the operator at the command line. */
export type Principal =
  | { readonly kind: 'anyone'; readonly origin: Origin }
  | {
      readonly kind: 'signed-in'
      readonly origin: Origin
      readonly user: PrincipalUser
      readonly session: SessionFacts
    }
  | { readonly kind: 'operator'; readonly origin: Origin }

export type AuthenticatedPrincipal = Extract<Principal, { kind: 'signed-in' }>

/** The subject to name as the doer of an action; null for nobody and for the operator. */
export function actorOf(principal: Principal): string | null {
  return principal.kind === 'signed-in' ? principal.user.subject : null
}
