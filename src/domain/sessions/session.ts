import type { PrincipalUser, SessionTerms, Transport } from '#foundation/kernel/principal.ts'
import { CLOCK_TOLERANCE, type Duration, type Instant } from '#foundation/kernel/time.ts'

export interface Session {
  readonly id: string
  readonly subject: string
  readonly transport: Transport
  /** The verified factors, in the order of their verification. */
  readonly methods: readonly string[]
  readonly address: string
  readonly agent: string | null
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  readonly authenticatedAt: Instant
}

/** The prefix of the tokens of each transport, so that a token on the wrong transport is rejected without a query. */
export const TOKEN_PREFIX: Record<Transport, string> = { cookie: 'dws_', bearer: 'dwa_' }

export type SessionLifetimes = Pick<SessionTerms, 'idle' | 'absolute' | 'touchEvery'>

/** What the policies for a user ask of the user's sessions, and whether verified factors satisfy them. */
export interface SessionRules extends SessionTerms {
  readonly satisfiesPolicy: (methods: readonly string[]) => boolean
}

/** Returns the rules for the user of a session by the policies that its query has read; undefined if they are yet to be read. */
export type RulesFor = (
  user: PrincipalUser,
  policies: string | null | undefined,
) => SessionRules | Promise<SessionRules>

/** Returns the same rules without the limit of time without a request: for what goes on without requests of the browser. */
export function withoutIdleLimit(rulesFor: RulesFor): RulesFor {
  return async (...of) => ({ ...(await rulesFor(...of)), idle: Infinity })
}

/** What decides when a session expires. */
export type SessionTimes = Pick<Session, 'startedAt' | 'lastSeenAt'>

/** Returns the state of a session (NIST SP 800-63B-4 §2.2.3: idle and overall limits); it is expired from each limit on. */
export function sessionStatus(
  session: SessionTimes,
  now: Instant,
  lifetimes: SessionLifetimes,
): 'fresh' | 'due-for-touch' | 'expired' {
  const idleFor = now - session.lastSeenAt
  if (idleFor >= lifetimes.idle || now - session.startedAt >= lifetimes.absolute) return 'expired'
  // A last use in the future was written by a clock that was ahead, so it is due to be replaced.
  return idleFor >= lifetimes.touchEvery || idleFor < -CLOCK_TOLERANCE ? 'due-for-touch' : 'fresh'
}

/** Returns the limit that was reached first; undefined if the session has not expired. */
export function limitReached(
  session: SessionTimes,
  now: Instant,
  lifetimes: SessionLifetimes,
): 'idle' | 'absolute' | undefined {
  if (sessionStatus(session, now, lifetimes) !== 'expired') return undefined
  return session.lastSeenAt + lifetimes.idle <= session.startedAt + lifetimes.absolute ? 'idle' : 'absolute'
}

/** Returns when the session expires if it is not used again. */
export function endOf(session: SessionTimes, lifetimes: SessionLifetimes): Instant {
  return Math.min(session.lastSeenAt + lifetimes.idle, session.startedAt + lifetimes.absolute)
}

/**
 * Whether the last authentication is recent enough for a sensitive action: at most `lifetime` old (`max_age` of RFC 9470 §3). An
 * authentication time in the future was written while a clock was ahead, so the real time is unknown, and the answer is no.
 */
export function authenticatedRecently(
  session: Pick<Session, 'authenticatedAt'>,
  now: Instant,
  lifetime: Duration,
): boolean {
  const age = now - session.authenticatedAt
  return age >= -CLOCK_TOLERANCE && age <= lifetime
}
