import type { RefusalCode } from '../../../foundation/kernel/refusals.ts'
import { minutes } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'

export const PASSKEYS_MAXIMUM = 20
/** The default that WebAuthn Level 3 §15.1 recommends; the browser is told the same. */
export const CHALLENGE_LIFETIME = minutes(5)

/** What a passkey is asked for; a challenge made for one is refused for every other. */
export type PasskeyPurpose = 'registration' | 'sign-in' | 'second-factor' | 'reauthentication'

/** Why a passkey was refused: for the audit log, never for the person at the door. */
export type PasskeyReason =
  | 'unreadable'
  | 'unknown_challenge'
  | 'ended_challenge'
  | 'other_purpose'
  | 'other_owner'
  | 'other_binding'
  | 'other_type'
  | 'other_origin'
  | 'cross_origin'
  | 'other_site'
  | 'credential_id'
  | 'user_absent'
  | 'backup_flags'
  | 'algorithm_not_offered'
  | 'unfit_key'
  | 'attestation'
  | 'unknown_passkey'
  | 'wrong_user_handle'
  | 'signature'
  | 'sign_count'

/** What the person is told: start again where the time was up, and else one answer for everything. */
export function refusalCodeFor(reason: PasskeyReason): RefusalCode {
  return reason === 'unknown_challenge' || reason === 'ended_challenge' ? 'passkey.challenge_ended' : 'passkey.refused'
}

/** For whom and for what a challenge is; `boundTo` is the id of the attempt or the session that asked. */
export interface ChallengeScope {
  readonly purpose: PasskeyPurpose
  /** Null at a sign-in without a name. */
  readonly subject: string | null
  readonly boundTo: string | null
}

export interface Challenge extends ChallengeScope {
  readonly id: string
  readonly expiresAt: Instant
  readonly consumedAt: Instant | null
}

/** Why a challenge does not count here; undefined where it does. */
export function checkChallenge(
  challenge: Challenge | undefined,
  scope: ChallengeScope,
  now: Instant,
): PasskeyReason | undefined {
  if (challenge === undefined) return 'unknown_challenge'
  if (challenge.purpose !== scope.purpose) return 'other_purpose'
  if (challenge.subject !== scope.subject) return 'other_owner'
  if (challenge.boundTo !== scope.boundTo) return 'other_binding'
  return challenge.consumedAt !== null || now >= challenge.expiresAt ? 'ended_challenge' : undefined
}

/**
 * Why this passkey does not speak for this person (WebAuthn Level 3 §7.2); undefined where it does.
 * Without a `subject`, only the user handle names somebody, so it must be there.
 */
export function checkUserHandle(
  passkey: { readonly subject: string },
  { subject, userHandle }: { subject: string | null; userHandle: string | null | undefined },
): PasskeyReason | undefined {
  if (subject !== null && passkey.subject !== subject) return 'other_owner'
  const named = userHandle ?? (subject === null ? '' : userHandleOf(subject))
  return named === userHandleOf(passkey.subject) ? undefined : 'wrong_user_handle'
}

/** What an authenticator knows a person by: the bytes of the subject, which are random, in base64url. */
export function userHandleOf(subject: string): string {
  return Buffer.from(subject).toString('base64url')
}

export type DeviceType = 'single-device' | 'multi-device'

/** The bits of authenticator data that are looked at (WebAuthn Level 3 §6.1). */
export interface AuthenticatorFlags {
  readonly up: boolean
  readonly be: boolean
  readonly bs: boolean
}

/**
 * Why these flags are refused: nobody was there, or a backup of what cannot be backed up, or of what could not be (or
 * could) when the passkey was made (WebAuthn Level 3 §6.1.3, §7.1, §7.2).
 */
export function checkAuthenticatorFlags(
  { up, be, bs }: AuthenticatorFlags,
  made?: DeviceType,
): PasskeyReason | undefined {
  if (!up) return 'user_absent'
  if (bs && !be) return 'backup_flags'
  return made === undefined || made === deviceTypeOf({ be }) ? undefined : 'backup_flags'
}

export function deviceTypeOf({ be }: Pick<AuthenticatorFlags, 'be'>): DeviceType {
  return be ? 'multi-device' : 'single-device'
}

/**
 * A counter must grow, unless the authenticator has none and always says zero; one that does not is the sign of a copy
 * (WebAuthn Level 3 §6.1.1, §7.2).
 */
export function checkSignCount(stored: number, received: number): PasskeyReason | undefined {
  return (stored === 0 && received === 0) || received > stored ? undefined : 'sign_count'
}

const TRANSPORT = /^[a-z][a-z-]{0,31}$/
const TRANSPORTS_MAXIMUM = 8

/** Transports as they are stored: each once, in order, and only what can be the name of one. */
export function transportWords(transports: readonly string[] = []): string {
  const names = new Set(transports.filter((name) => TRANSPORT.test(name)))
  return [...names].toSorted().slice(0, TRANSPORTS_MAXIMUM).join(' ')
}

export function transportsOf(words: string): string[] {
  return words.split(' ').filter(Boolean)
}
