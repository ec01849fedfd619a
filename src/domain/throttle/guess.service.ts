// Selects the buckets in which a guess counts, and limits requests that are no guess. Each entry point that verifies a password or a code
// calls this first.
import type { EventDetails } from '#domain/audit/event.ts'
import type { With } from '#foundation/context.ts'
import type { SecondFactorPolicy } from '#foundation/kernel/assurance.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { actorOf, type AuthenticatedPrincipal } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { deviceCookieOwner, type DeviceOwner } from './device-cookie.service.ts'
import type { Guess } from './throttle.service.ts'
import {
  deviceBuckets,
  type GuessedFactor,
  NAME_PREFIX,
  sessionBuckets,
  userBuckets,
  userCodeBuckets,
} from './throttle.ts'

/** Replaces the user of an unknown name, so that the check of the device cookie takes the same time (enumeration). */
const DUMMY_OWNER: DeviceOwner = { subject: '-', credentialEpoch: 0 }

/**
 * Returns the buckets of a guess at a user's factors. A session of the user counts in the buckets of the user's sessions, and a client
 * with the user's device cookie in its own; neither counts in the network's bucket, so that other clients cannot block them. All other
 * clients share the buckets of the user, and those of their network.
 */
export function bucketsFor(
  ctx: With<'keyring' | 'principal'>,
  user: DeviceOwner,
  factors: readonly GuessedFactor[],
): Guess {
  const { principal } = ctx
  const deviceId = deviceCookieOwner(ctx, user)
  // The session comes first, so that a client with a session and a device cookie gets no more guesses than with the session alone.
  if (actorOf(principal) === user.subject) return { network: null, buckets: sessionBuckets(user.subject, factors) }
  if (deviceId !== null) return { network: null, buckets: deviceBuckets(user.subject, factors, deviceId) }
  return { network: principal.source.network, buckets: userBuckets(user.subject, factors) }
}

/**
 * Returns the same for a typed name, which may have no user. The buckets of the unknown name and those of a user are both computed
 * in each case, so that the time does not reveal whether the user exists (enumeration).
 */
export function bucketsForLogin(
  ctx: With<'keyring' | 'principal'>,
  name: string,
  user: DeviceOwner | undefined,
  factors: readonly GuessedFactor[],
): Guess {
  const buckets = nameBucket(ctx, name, factors)
  const guess = bucketsFor(ctx, user ?? DUMMY_OWNER, factors)
  return user === undefined ? { network: ctx.principal.source.network, buckets } : guess
}

/** How many buckets unknown names share, so that an attacker cannot add rows without limit. */
const NAME_BUCKETS = 2 ** 20

/**
 * Returns the buckets for a name without a user, one for each factor, as for a user. The name is not stored; which names share a
 * bucket follows from a MAC, so that it cannot be computed without the key.
 */
export function nameBucket(
  ctx: With<'keyring'>,
  name: string,
  factors: readonly GuessedFactor[] = ['password'],
): string[] {
  const number = numberOf(ctx, name)
  return factors.map((factor) => `${NAME_PREFIX}${number}:${factor}`)
}

/** Which of the buckets of unknown names is this one's. */
export function numberOf(ctx: With<'keyring'>, name: string): number {
  const { mac } = ctx.keyring.mac('throttle', foldName(name))
  return Number.parseInt(mac.slice(0, 8), 16) % NAME_BUCKETS
}

/** Returns the bucket for usernames and emails that a signed-in user asks for: the answer reveals which are taken (enumeration). */
export function guessAtName({ principal }: { readonly principal: AuthenticatedPrincipal }): Guess {
  return { network: principal.source.network, buckets: sessionBuckets(principal.user.subject, ['name']) }
}

/**
 * Returns the buckets of a user code that a signed-in user types: those of the user and of the users in the network, which others without a
 * session cannot block (RFC 8628 §5.1).
 */
export function guessAtUserCode({ principal }: { readonly principal: AuthenticatedPrincipal }): Guess {
  return { network: null, buckets: userCodeBuckets(principal.user.subject, principal.source.network) }
}

/** Returns the details for the event of a refused guess: the buckets in which it counted, and the policy at that time. */
export function throttleDetails(secondFactor: SecondFactorPolicy, { buckets }: Guess): EventDetails {
  return { buckets: buckets.join(' '), second_factor: secondFactor }
}

/**
 * Counts one request of the network in its window of a minute; throws `throttle.blocked` with `retryAfter` if the network has made too
 * many. Used for requests that write a row and count in no bucket: passkey options, and refusals of a passkey, which write an event. A
 * passkey counts when it is refused, so that a valid one is never rejected because of other clients in the network.
 */
export function limitRequestRate({ limits, now, principal }: With<'limits' | 'now' | 'principal'>): void {
  const retryAfter = limits.requests.take(principal.source.network, now)
  if (retryAfter !== undefined) throw new Refusal('throttle.blocked', { retryAfter })
}

/**
 * Counts one authorization of an app that has to wait for its user, as `limitRequestRate` does: each is a row, and anyone may ask for one
 * who knows an app.
 */
export function limitInteractionRate({ limits, now, principal }: With<'limits' | 'now' | 'principal'>): void {
  const retryAfter = limits.interactions.take(principal.source.network, now)
  if (retryAfter !== undefined) throw new Refusal('throttle.blocked', { retryAfter })
}
