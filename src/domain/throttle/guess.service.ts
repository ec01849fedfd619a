// Which budgets a guess is counted in. Every door that looks at a password or a code asks here.
import type { EventDetails } from '../audit/event.ts'
import type { With } from '../../foundation/context.ts'
import { actorOf } from '../../foundation/kernel/principal.ts'
import type { AuthenticatedPrincipal } from '../../foundation/kernel/principal.ts'
import type { SecondFactorPolicy } from '../../foundation/kernel/assurance.ts'
import { deviceCookieOwner } from './device-cookie.service.ts'
import type { DeviceOwner } from './device-cookie.service.ts'
import { deviceBuckets, sessionBuckets, userBuckets } from './throttle.ts'
import type { GuessedFactor } from './throttle.ts'
import { nameBucket } from './throttle.service.ts'
import type { Guess } from './throttle.service.ts'

/** Stands where a name has no user, so that looking for a known browser costs the same. */
const DUMMY_OWNER: DeviceOwner = { subject: '-', credentialEpoch: 0 }

/**
 * What a guess at a user's factors draws from. Whoever holds one of their sessions draws from the budget of those, a
 * browser they have signed in with from its own, and neither from the network's: strangers cannot close either. All
 * others share one budget for the user, and one for each network.
 */
export function bucketsFor(
  ctx: With<'keyring' | 'principal'>,
  user: DeviceOwner,
  kinds: readonly GuessedFactor[],
): Guess {
  const { principal } = ctx
  const browserId = deviceCookieOwner(ctx, user)
  // First of all, so that a session and a browser taken together are worth no more guesses than the session.
  if (actorOf(principal) === user.subject) return { network: null, buckets: sessionBuckets(user.subject, kinds) }
  if (browserId !== null) return { network: null, buckets: deviceBuckets(user.subject, kinds, browserId) }
  return { network: principal.source.network, buckets: userBuckets(user.subject, kinds) }
}

/**
 * The same for what somebody typed as a name, whether a user has it or not. Both are computed for everybody: the time must not
 * tell whose name it is.
 */
export function bucketsForLogin(
  ctx: With<'keyring' | 'principal'>,
  name: string,
  user: DeviceOwner | undefined,
  kinds: readonly GuessedFactor[],
): Guess {
  const buckets = nameBucket(ctx, name, kinds)
  const guess = bucketsFor(ctx, user ?? DUMMY_OWNER, kinds)
  return user === undefined ? { network: ctx.principal.source.network, buckets } : guess
}

/** The bucket of usernames and email addresses that a signed-in user asks for: each taken one reveals that somebody has it. */
export function guessAtName({ principal }: { readonly principal: AuthenticatedPrincipal }): Guess {
  return { network: principal.source.network, buckets: sessionBuckets(principal.user.subject, ['name']) }
}

/** What the event of a refused guess keeps for whoever asks why: where it was counted, and the policy then. */
export function throttleDetails(secondFactor: SecondFactorPolicy, { buckets }: Guess): EventDetails {
  return { buckets: buckets.join(' '), second_factor: secondFactor }
}
