import type { RefusalCode } from '#foundation/kernel/refusal.ts'
import { type Instant, minutes } from '#foundation/kernel/time.ts'

export const PASSKEYS_MAXIMUM = 20
/** The default that WebAuthn Level 3 §15.1 recommends; also the timeout in the options of the browser. */
export const CHALLENGE_LIFETIME = minutes(5)

/** The purpose of a challenge, which is refused for each other purpose. */
export type PasskeyPurpose = 'registration' | 'sign-in' | 'second-factor' | 'reauthentication'

/** Why a passkey was refused. Only the audit log contains the reason; the answer does not (`refusalCodeFor`). */
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

/** Returns the error code of the answer: one for a challenge that has ended, and one for all other reasons. */
export function refusalCodeFor(reason: PasskeyReason): RefusalCode {
  return reason === 'unknown_challenge' || reason === 'ended_challenge' ? 'passkey.challenge_ended' : 'passkey.refused'
}

/** The purpose and the user of a challenge; `boundTo` is the id of the attempt or the session that requested it. */
export interface ChallengeScope {
  readonly purpose: PasskeyPurpose
  /** Null for a sign-in without a username. */
  readonly subject: string | null
  readonly boundTo: string | null
}

export interface Challenge extends ChallengeScope {
  readonly id: string
  readonly expiresAt: Instant
  readonly consumedAt: Instant | null
}

/** Returns why a challenge is not valid for this scope; undefined if it is. */
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
 * Returns why a passkey does not belong to this user (WebAuthn Level 3 §7.2); undefined if it does. Without a `subject` only the user
 * handle names a user, so it is required.
 */
export function checkUserHandle(
  passkey: { readonly subject: string },
  { subject, userHandle }: { subject: string | null; userHandle: string | null | undefined },
): PasskeyReason | undefined {
  if (subject !== null && passkey.subject !== subject) return 'other_owner'
  const handle = userHandle ?? (subject === null ? '' : userHandleOf(subject))
  return handle === userHandleOf(passkey.subject) ? undefined : 'wrong_user_handle'
}

/** Returns the user handle: the bytes of the subject, which is random, in base64url (WebAuthn Level 3 §5.4.3). */
export function userHandleOf(subject: string): string {
  return Buffer.from(subject).toString('base64url')
}

export type DeviceType = 'single-device' | 'multi-device'

/** The checked flags of authenticator data: user present, backup eligible, backup state (WebAuthn Level 3 §6.1). */
export interface AuthenticatorFlags {
  readonly up: boolean
  readonly be: boolean
  readonly bs: boolean
}

/**
 * Returns why the flags are refused: no user was present, a passkey is backed up that is not eligible for it, or its eligibility differs
 * from that at the registration (WebAuthn Level 3 §6.1.3, §7.1, §7.2).
 */
export function checkAuthenticatorFlags(
  { up, be, bs }: AuthenticatorFlags,
  registered?: DeviceType,
): PasskeyReason | undefined {
  if (!up) return 'user_absent'
  if (bs && !be) return 'backup_flags'
  return registered === undefined || registered === deviceTypeOf({ be }) ? undefined : 'backup_flags'
}

/** Returns `multi-device` for a passkey that is eligible for a backup (WebAuthn Level 3 §6.1.3). */
export function deviceTypeOf({ be }: Pick<AuthenticatorFlags, 'be'>): DeviceType {
  return be ? 'multi-device' : 'single-device'
}

/**
 * Returns why a signature counter is refused. It must increase, unless the authenticator has none and always sends zero; otherwise the
 * authenticator may be cloned (WebAuthn Level 3 §6.1.1, §7.2).
 */
export function checkSignCount(stored: number, received: number): PasskeyReason | undefined {
  return (stored === 0 && received === 0) || received > stored ? undefined : 'sign_count'
}

const TRANSPORT = /^[a-z][a-z-]{0,31}$/
const TRANSPORTS_MAXIMUM = 8

/** Returns the stored form of transports: each once, sorted, without malformed names. */
export function transportWords(transports: readonly string[] = []): string {
  const names = new Set(transports.filter((name) => TRANSPORT.test(name)))
  return [...names].toSorted().slice(0, TRANSPORTS_MAXIMUM).join(' ')
}

/** Returns the list of stored transports, which are separated by spaces. */
export function transportsOf(words: string): string[] {
  return words.split(' ').filter(Boolean)
}

/** The browser's statement of the request and its origin (WebAuthn Level 3 §5.8.1), which the signature covers. */
export interface ClientData {
  readonly type: string
  readonly challenge: string
  readonly origin: string
  readonly crossOrigin: boolean
}

/** Returns the fields of `clientDataJSON` in base64url; undefined if it is malformed. Other fields are ignored. */
export function readClientData(base64url: string): ClientData | undefined {
  const value = parsed(Buffer.from(base64url, 'base64url').toString('utf8'))
  if (typeof value !== 'object' || value === null) return undefined
  const { type, challenge, origin, crossOrigin = false, topOrigin } = value as Readonly<Record<string, unknown>>
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string') return undefined
  return { type, challenge, origin, crossOrigin: crossOrigin !== false || topOrigin !== undefined }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns why the client data is not for this request: another ceremony, another origin, or a frame of another site. */
export function checkClientData(
  { type, origin, crossOrigin }: ClientData,
  wanted: { type: 'webauthn.create' | 'webauthn.get'; origin: string },
): PasskeyReason | undefined {
  if (type !== wanted.type) return 'other_type'
  if (origin !== wanted.origin) return 'other_origin'
  return crossOrigin ? 'cross_origin' : undefined
}
