// Takes the email of a person who asks for an account. Each email gets the same answer after the same work (enumeration).
import { recordEvent } from '#domain/audit/audit.service.ts'
import {
  type NewChallenge,
  newProofChallenge,
  type ProofOfWork,
  spendChallenge,
  verifyProof,
} from '#domain/registrations/proof-of-work.service.ts'
import { isRegistrationOn, recordRequest } from '#domain/registrations/registration.service.ts'
import { fieldErrorsInRegistration } from '#domain/registrations/registration.ts'
import { nameBucket } from '#domain/throttle/guess.service.ts'
import { consumeGuess, type Guess, recordFailure, refusing } from '#domain/throttle/throttle.service.ts'
import type { With } from '#foundation/context.ts'
import { Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config' | 'limits'>

/** Throws `registration.off`. */
export function requireRegistration(ctx: With<'config'>): void {
  if (!isRegistrationOn(ctx)) throw new Refusal('registration.off')
}

/** Returns a challenge for the form. Throws `registration.off`. */
export function challengeForRegistration(ctx: With<'now' | 'random' | 'keyring' | 'config'>): NewChallenge {
  requireRegistration(ctx)
  return newProofChallenge(ctx)
}

export interface RegistrationRequest {
  readonly email: string
  /** The language of the page or client. */
  readonly locale: string | null
  readonly proof?: ProofOfWork | undefined
}

/**
 * Queues one mail to the email: with a link, or, where it has an account, with the sentence that says so. Returns nothing in any case.
 * Throws `registration.off`, `request.validation_failed` for an email that is malformed or of a domain that is not allowed,
 * `registration.proof_refused`, and `throttle.blocked` for the network, in which each request counts.
 */
export async function requestRegistration(ctx: Deps, { email, locale, proof }: RegistrationRequest): Promise<void> {
  requireRegistration(ctx)
  requireNoFieldErrors(fieldErrorsInRegistration(email, ctx.config.registration.domains))
  const challenge = verifyProof(ctx, proof)
  const guess = requestsOfNetwork(ctx)
  await consumeGuess(ctx, guess)
  await refusing(ctx, guess, async (tx) => {
    await spendChallenge(tx, challenge)
    const registration = await recordRequest(tx, { email, locale })
    await recordEvent(tx, {
      action: 'registration.requested',
      actor: null,
      details: { registration: registration ?? null },
      ...(registration === undefined && { result: 'refused', reason: 'mail_limit' }),
    })
    await recordFailure(tx, guess)
  })
}

/** The bucket in which a network's requests for an account count; guesses at passwords do not count in it, nor are they blocked by it. */
function requestsOfNetwork(ctx: With<'keyring' | 'principal'>): Guess {
  const name = `registrations of ${ctx.principal.source.network}`
  return { network: null, buckets: nameBucket(ctx, name, ['name']) }
}

/**
 * The buckets in which answers count that a username is taken: of the link and of the network. The one of the link does not forget within
 * the life of the link.
 */
export function guessAtUsername(ctx: With<'keyring' | 'principal'>, linkId: string): Guess {
  const names = [`usernames of ${linkId}`, `usernames of ${ctx.principal.source.network}`]
  return { network: null, buckets: names.flatMap((name) => nameBucket(ctx, name, ['name'])) }
}
