// Grants: families of tokens that an app got for one session of a user. What ends a family, and how long its parts live.
// Tested in grant.service.test.ts.
import { days, type Duration, hours, type Instant, seconds } from '#foundation/kernel/time.ts'

export interface Grant {
  readonly id: string
  readonly clientId: string
  readonly subject: string
  /** The credential epoch of the user, which tokens that outlive the session need. */
  readonly epoch: number
  readonly sessionId: string
  /** The factors that were verified at `authenticatedAt`. */
  readonly methods: readonly string[]
  readonly authenticatedAt: Instant
  /** JSON of the protocol's library. */
  readonly payload: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly revokedAt: Instant | null
  /** The id of the resource for which its access tokens are; null for this server alone. */
  readonly resourceId: string | null
}

export const TOKEN_KINDS = ['code', 'access', 'refresh', 'interaction', 'request', 'device'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/**
 * What is presented: a code, an access token or a refresh token of a family; or an interaction, a pushed authorization request or a device code
 * that waits, which have no family yet.
 */
export interface GrantToken {
  /** SHA-256 of kind and value. */
  readonly id: string
  readonly kind: TokenKind
  readonly grantId: string | null
  /** Whether it outlives the session (OpenID Connect Core §11: `offline_access`). */
  readonly isOffline: boolean
  /** JSON of the protocol's library, without the value. */
  readonly payload: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly consumedAt: Instant | null
  /** Of a consumed refresh token: the one that followed it, sealed. */
  readonly successor: string | null
}

/** How long a user may take for what an authorization asks. */
export const INTERACTION_LIFETIME: Duration = hours(1)

/** How long an authorization can begin with a pushed request. */
export const PUSHED_REQUEST_LIFETIME: Duration = seconds(60)

/** Whether no authorization can begin with a pushed request any more; one that has begun goes on. */
export function isPushedRequestOver({ createdAt }: Pick<GrantToken, 'createdAt'>, now: Instant): boolean {
  return now >= createdAt + PUSHED_REQUEST_LIFETIME
}

/** How long a client that did not get the answer to a refresh gets the same successor again. */
const REFRESH_GRACE: Duration = seconds(30)

/** Rows are kept this long after their end, so that a late reuse is recognized; then a job deletes them. */
export const KEPT_AFTER_END: Duration = days(7)

/** Whether the family lives by itself; whether its session or its user lets it is asked elsewhere. */
export function isGrantAlive({ revokedAt, expiresAt }: Pick<Grant, 'revokedAt' | 'expiresAt'>, now: Instant): boolean {
  return revokedAt === null && now < expiresAt
}

/** Whether a repetition of a consumed refresh token is answered with its successor once more, as long as that was not used. */
export function isWithinGrace({ consumedAt, successor }: GrantToken, now: Instant): boolean {
  if (consumedAt === null || successor === null) return false
  return Math.abs(now - consumedAt) < REFRESH_GRACE
}
