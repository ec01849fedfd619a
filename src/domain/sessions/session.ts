import type { Transport } from '../../foundation/kernel/principal.ts'
import { CLOCK_TOLERANCE } from '../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../foundation/kernel/time.ts'

export interface Session {
  readonly id: string
  readonly subject: string
  readonly transport: Transport
  /** The factors proven when it began, in the order they were proven. */
  readonly methods: readonly string[]
  readonly address: string
  readonly agent: string | null
  readonly startedAt: Instant
  readonly lastSeenAt: Instant
  readonly authenticatedAt: Instant
}

/** Each transport has its own kind of token, so that one is refused on the other's transport before any look-up. */
export const TOKEN_PREFIX: Record<Transport, string> = { cookie: 'dws_', bearer: 'dwa_' }

export interface SessionLifetimes {
  /** Without a request for this long it is over (sliding). */
  readonly idle: Duration
  /** However busy, it is over after this long. */
  readonly absolute: Duration
  /** How exact `lastSeenAt` is kept: a newer sight is written at most this often. */
  readonly touchEvery: Duration
}

export type SessionState = 'fresh' | 'due-for-touch' | 'expired'

/** Whether a session still counts (NIST SP 800-63B-4 §2.2.3: idle and overall limits), the limits themselves being too late. */
export function sessionStatus(
  session: Pick<Session, 'startedAt' | 'lastSeenAt'>,
  now: Instant,
  lifetimes: SessionLifetimes,
): SessionState {
  const idleFor = now - session.lastSeenAt
  if (idleFor >= lifetimes.idle || now - session.startedAt >= lifetimes.absolute) return 'expired'
  // A last use in the future was written by a clock that was ahead: it counts from now on.
  return idleFor >= lifetimes.touchEvery || idleFor < -CLOCK_TOLERANCE ? 'due-for-touch' : 'fresh'
}

/** Which of its limits ended a session, the one that came first; undefined while it counts. */
export function limitReached(
  session: Pick<Session, 'startedAt' | 'lastSeenAt'>,
  now: Instant,
  lifetimes: SessionLifetimes,
): 'idle' | 'absolute' | undefined {
  if (sessionStatus(session, now, lifetimes) !== 'expired') return undefined
  return session.lastSeenAt + lifetimes.idle <= session.startedAt + lifetimes.absolute ? 'idle' : 'absolute'
}

/** When it will be over if nothing more comes. */
export function endOf(session: Pick<Session, 'startedAt' | 'lastSeenAt'>, lifetimes: SessionLifetimes): Instant {
  return Math.min(session.lastSeenAt + lifetimes.idle, session.startedAt + lifetimes.absolute)
}

/**
 * Whether password and second factor were proven recently enough for something sensitive: at most so long ago (`max_age` of
 * RFC 9470 §3). A proof in the future was given while a clock was ahead, so its time is unknown.
 */
export function authenticatedRecently(
  session: Pick<Session, 'authenticatedAt'>,
  now: Instant,
  lifetime: Duration,
): boolean {
  const age = now - session.authenticatedAt
  return age >= -CLOCK_TOLERANCE && age <= lifetime
}
