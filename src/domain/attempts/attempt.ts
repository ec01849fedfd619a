import type { GivenValues } from '#domain/attributes/attribute-value.ts'
import type { FactorKind } from '#domain/factors/factor-kind.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** What an attempt completes besides the sign-in: nothing, the set-up of the server, an invitation, or a registration. */
export type AttemptPurpose = 'sign-in' | 'set-up' | 'invitation' | 'registration'

/** Whether the confirmation of the enrolment creates the user, who does not exist before. */
export function createsUser(purpose: AttemptPurpose): boolean {
  return purpose === 'set-up' || purpose === 'registration'
}

/** An unfinished sign-in. Its token is valid for its own second factor or enrolment only. Its consumption starts the session. */
export interface Attempt {
  readonly id: string
  readonly purpose: AttemptPurpose
  readonly stage: AttemptStage
  /** The user; where the attempt creates one, the subject that the new user will have. */
  readonly subject: string
  /** The user's credential epoch at the start: a later change of credentials ends the attempt. */
  readonly epoch: number
  /** The factors verified so far. */
  readonly methods: readonly FactorKind[]
  readonly expiresAt: Instant
  readonly consumedAt: Instant | null
  /** For a set-up, an invitation or a registration: the fields of the user that the confirmation of the enrolment writes. */
  readonly profile: NewProfile
  /** The link of an invitation, a set-up, a registration or an enrolment that the confirmation of the enrolment consumes. */
  readonly linkId: string | null
  /** The id of the authenticator app in set-up, with its sealed secret; both null until the setup key is first requested. */
  readonly factorId: string | null
  readonly sealedSecret: string | null
}

/** At `review` every factor was verified, and the user must review the account before the session starts. */
export type AttemptStage = 'second-factor' | 'enrolment' | 'review'

/** The page of each stage. */
export const STAGE_PATHS: Readonly<Record<AttemptStage, string>> = {
  'second-factor': '/sign-in/second-step',
  enrolment: '/enrolment',
  review: '/sign-in/review',
}

export interface NewProfile {
  readonly username: string | null
  readonly email: string | null
  readonly fullName: string | null
  readonly hashedPassword: Secret | null
  /** That of the browser; null if it sent none. */
  readonly timeZone: string | null
  /** The answers to the attributes that are asked at joining. */
  readonly attributes: GivenValues
}

export const NO_PROFILE: NewProfile = {
  username: null,
  email: null,
  fullName: null,
  hashedPassword: null,
  timeZone: null,
  attributes: {},
}

/** Returns `open` if the attempt is not consumed, not expired (from `expiresAt` on), and of its user's current credential epoch. */
export function attemptStatus(
  attempt: Pick<Attempt, 'epoch' | 'expiresAt' | 'consumedAt' | 'purpose'>,
  { epoch }: { readonly epoch: number | undefined },
  now: Instant,
): 'open' | 'ended' {
  if (attempt.consumedAt !== null || now >= attempt.expiresAt) return 'ended'
  // Each attempt that does not create its user needs the user with whom it began.
  if (createsUser(attempt.purpose)) return epoch === undefined ? 'open' : 'ended'
  return epoch === attempt.epoch ? 'open' : 'ended'
}
