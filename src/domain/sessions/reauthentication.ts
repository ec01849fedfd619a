import {
  ASSURANCE_LEVELS,
  type AssuranceLevel,
  assuranceOf,
  isSecondFactorSkipped,
  meetsAccountAssurance,
  meetsLevel,
} from '#foundation/kernel/assurance.ts'
import type { Principal, SessionFacts, SessionPrincipal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import { authenticatedRecently } from './session.ts'

/** What a page that leads to re-authentication requires of it beyond the policies, such as for an app (RFC 9470 §4). */
export interface AuthenticationRequirement {
  /** The factors must have been verified at this instant or later. */
  readonly since?: Instant | undefined
  /** The assurance level that they must reach. */
  readonly least?: AssuranceLevel | undefined
}

/** Returns the requirement that fulfils both: the later instant, and the higher level. */
export function stricterOf(
  one: AuthenticationRequirement,
  other: AuthenticationRequirement,
): AuthenticationRequirement {
  const since = Math.max(one.since ?? -Infinity, other.since ?? -Infinity)
  return {
    since: since === -Infinity ? undefined : since,
    least: ASSURANCE_LEVELS.findLast((level) => level === one.least || level === other.least),
  }
}

/** Whether the last authentication of a session fulfils the requirement. */
export function fulfils(
  { authenticatedAt, authenticationMethods }: Pick<SessionFacts, 'authenticatedAt' | 'authenticationMethods'>,
  { since, least }: AuthenticationRequirement,
): boolean {
  const isRecent = since === undefined || authenticatedAt >= since
  return isRecent && (least === undefined || meetsLevel(assuranceOf(authenticationMethods), least))
}

/**
 * Returns why a principal must authenticate again before a sensitive action (step-up, RFC 9470); undefined if the last authentication is
 * recent enough for the policies of its user and meets the assurance level of the account: otherwise a stolen weaker factor would suffice. The operator needs
 * none, since they control the machine, and neither does an approved request, whose asker was checked when they asked. An API token cannot
 * authenticate again, so it gets `access.session_required`.
 * @param lifetime what is named to a principal without a session, whose policies are unknown
 */
export function staleAuthentication(principal: Principal, now: Instant, lifetime: Duration): Refusal | undefined {
  switch (principal.kind) {
    case 'operator':
    case 'approved':
      return undefined
    case 'api-token':
      return new Refusal('access.session_required')
    case 'anonymous':
      return reauthenticationRequired(lifetime)
    case 'session':
      return staleSession(principal, now)
  }
}

/**
 * Throws `access.stronger_authentication_required` in a session that began on a remembered device, until the second factor is verified in it.
 * For sensitive actions that ask for the current password instead of a recent authentication: with the device, the password is the only
 * factor that was verified.
 */
export function requireSecondFactorVerified({ session, terms }: Pick<SessionPrincipal, 'session' | 'terms'>): void {
  if (isSecondFactorSkipped(session.authenticationMethods)) throw strongerAuthenticationRequired(terms.reauthentication)
}

function staleSession({ session, user, terms }: SessionPrincipal, now: Instant): Refusal | undefined {
  const lifetime = terms.reauthentication
  if (!authenticatedRecently(session, now, lifetime)) return reauthenticationRequired(lifetime)
  if (meetsAccountAssurance(session.authenticationMethods, user, terms)) return undefined
  return strongerAuthenticationRequired(lifetime)
}

function strongerAuthenticationRequired(lifetime: Duration): Refusal {
  return new Refusal('access.stronger_authentication_required', { maxAge: inSeconds(lifetime) })
}

function reauthenticationRequired(lifetime: Duration): Refusal {
  return new Refusal('access.reauthentication_required', { maxAge: inSeconds(lifetime) })
}

function inSeconds(lifetime: Duration): number {
  return Math.floor(lifetime / 1000)
}
