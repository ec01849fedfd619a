import type { FactorKind } from '../factors/factor-kind.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import type { Instant } from '../../foundation/kernel/time.ts'

/** Why somebody is on the way to a session. */
export type AttemptPurpose = 'sign-in' | 'set-up' | 'invitation'

/**
 * A sign-in under way. It reaches its own second step or its own enrolment and nothing else; a session exists only when
 * it is complete, and then the attempt is spent.
 */
export interface Attempt {
  readonly id: string
  readonly purpose: AttemptPurpose
  readonly stage: AttemptStage
  /** The user, or for a set-up the subject that the first admin will have. */
  readonly subject: string
  /** The user's credential epoch when it began: any change of credentials since ends it. */
  readonly epoch: number
  /** Factors proven so far. */
  readonly methods: readonly FactorKind[]
  readonly expiresAt: Instant
  readonly consumedAt: Instant | null
  /** For a set-up or an invitation: what will be written when the enrolment is confirmed. */
  readonly profile: NewProfile
  /** The invitation or set-up link that the confirmed enrolment will spend. */
  readonly linkId: string | null
  /** The authenticator app being enrolled, sealed; null until the setup key was first asked for. */
  readonly factorId: string | null
  readonly sealedSecret: string | null
}

export type AttemptStage = 'second-factor' | 'enrolment'

export interface NewProfile {
  readonly username: string | null
  readonly email: string | null
  readonly fullName: string | null
  readonly hashedPassword: Secret | null
}

export const NO_PROFILE: NewProfile = { username: null, email: null, fullName: null, hashedPassword: null }

/** Whether an attempt can go on: not spent, not over (its end itself is too late), and its person's credentials unchanged. */
export function attemptStatus(
  attempt: Pick<Attempt, 'epoch' | 'expiresAt' | 'consumedAt' | 'purpose'>,
  { epoch }: { readonly epoch: number | undefined },
  now: Instant,
): 'open' | 'ended' {
  if (attempt.consumedAt !== null || now >= attempt.expiresAt) return 'ended'
  // A set-up has no user yet, every other attempt must still find the one it began with.
  if (attempt.purpose === 'set-up') return epoch === undefined ? 'open' : 'ended'
  return epoch === attempt.epoch ? 'open' : 'ended'
}
