// How apps are notified that sessions have ended (OpenID Connect Back-Channel Logout 1.0): how often, and how long one may take.
// Tested in test/stories/back-channel-logout.test.ts.
import { days, type Duration, type Instant, minutes, seconds } from '#foundation/kernel/time.ts'

/** That one app is notified of the end of one session, or of all sessions of a user. */
export interface Delivery {
  readonly id: string
  readonly clientId: string
  readonly subject: string
  /** Null where it is about all sessions of the user. */
  readonly sid: string | null
  /** The same at each attempt, so that an app that was notified before knows that it was (RFC 7519 §4.1.7). */
  readonly jti: string
  readonly attempts: number
  readonly createdAt: Instant
}

export interface LeasedDelivery extends Delivery {
  readonly leaseOwner: string
  readonly leaseUntil: Instant
  /** Whether an attempt failed before. */
  readonly isAgain: boolean
}

/** An app that was not notified after this many attempts is notified by hand only. */
export const MOST_ATTEMPTS = 8
/** An attempt that takes longer has failed. */
export const DELIVERY_DEADLINE: Duration = seconds(5)
/** As long may one node hold a delivery: longer than an attempt can take, so that no other node notifies the app at the same time. */
export const DELIVERY_LEASE: Duration = seconds(30)
/** How many apps a node notifies at a time, each of them one thing after the other: a slow one delays no other. */
export const MOST_LANES = 16
/** Of these, how many may be held by apps whose last attempt failed: a hundred dead ones leave the rest to those that answer. */
export const LANES_FOR_FAILED = 8
/** What was sent, and what never was, is kept so long. */
export const DELIVERIES_KEPT: Duration = days(7)

export const FIRST_WAIT: Duration = minutes(10)

/** How long to wait after a number of attempts: ten minutes, doubled with each further one, so that the eight take 21 hours and 10 minutes. */
export function waitAfterFailure(attempts: number): Duration {
  return FIRST_WAIT * 2 ** Math.max(0, attempts - 1)
}
/** No delivery waits longer between two attempts. */
export const LONGEST_WAIT: Duration = waitAfterFailure(MOST_ATTEMPTS - 1)
