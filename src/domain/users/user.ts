// The user, and the rules for its fields.
import { isShownInFull } from '#foundation/kernel/distinct-name.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import { isPlainName } from '#foundation/kernel/given-name.ts'
import { isRouted } from '#foundation/kernel/mailable.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { USERNAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { mixesScripts } from './mixed-scripts.ts'

export { foldName } from '#foundation/kernel/fold.ts'

export interface User extends PrincipalUser {
  /** Null for a user without a password, whom no password matches. */
  readonly hashedPassword: Secret | null
  readonly passwordChangedAt: Instant | null
  /** Since when a report "This wasn't me" asks for a review before the next session; null where none is due. */
  readonly reviewRequiredAt: Instant | null
  readonly newDeviceNoticesOffAt: Instant | null
  /** The row lacks its username key or holds a plaintext TOTP secret: it is externally inserted and not completed yet. */
  readonly insertedExternally: boolean
}

export const USER_STATUSES = ['active', 'invited', 'disabled', 'no-factor'] as const
export type UserStatus = (typeof USER_STATUSES)[number]

const EMAIL_MAXIMUM = 254
const FULL_NAME_MAXIMUM = 200

const EMAIL = /^[^\s@<>()[\]\\,;:"]+@(?:localhost|[^\s@<>()[\]\\,;:".]+(?:\.[^\s@<>()[\]\\,;:".]+)+)$/u

/** Returns the error of a new username, at most one, at `/username`. Lengths are in code points. */
export function fieldErrorsInUsername(username: string): FieldError[] {
  const pointer = '/username'
  if (username.trim() === '') return [{ pointer, code: 'user.username_empty' }]
  if (codePoints(username) > USERNAME_MAXIMUM) {
    return [{ pointer, code: 'user.username_too_long', facts: { maximum: USERNAME_MAXIMUM } }]
  }
  // A name with an @ could be the email of another user; folding turns look-alikes of @ into it.
  const plain = username === username.trim() && isShownInFull(username) && !foldName(username).includes('@')
  if (!plain) return [{ pointer, code: 'user.username_characters' }]
  return mixesScripts(username) ? [{ pointer, code: 'user.username_mixed_scripts' }] : []
}

/** Returns the error of an email, at `/email`, by one practical rule instead of the grammar of RFC 5322. */
export function fieldErrorsInEmail(email: string): FieldError[] {
  const pointer = '/email'
  if (codePoints(email) > EMAIL_MAXIMUM) {
    return [{ pointer, code: 'user.email_too_long', facts: { maximum: EMAIL_MAXIMUM } }]
  }
  const plain = EMAIL.test(email) && isShownInFull(email) && EMAIL.test(foldName(email))
  return plain ? [] : [{ pointer, code: 'user.email_malformed' }]
}

/**
 * Returns the error of an email that is entered now, at `/email`. An email through which mail servers route elsewhere is refused; a stored
 * one stays, and only `fieldErrorsInEmail` is asked of it.
 */
export function fieldErrorsInNewEmail(email: string): FieldError[] {
  const malformed = fieldErrorsInEmail(email)
  if (malformed.length > 0 || !isRouted(email)) return malformed
  return [{ pointer: '/email', code: 'user.email_routed' }]
}

/** Returns the error of a full name, at `/full_name`; it may be empty. */
export function fieldErrorsInFullName(fullName: string): FieldError[] {
  const pointer = '/full_name'
  if (codePoints(fullName) > FULL_NAME_MAXIMUM) {
    return [{ pointer, code: 'user.full_name_too_long', facts: { maximum: FULL_NAME_MAXIMUM } }]
  }
  return isPlainName(fullName) ? [] : [{ pointer, code: 'user.full_name_characters' }]
}

/** NULL, 0, false, '0' and 'false' mean enabled; each other value of an externally inserted row means disabled (fail closed). */
export function isDisabled(value: unknown): boolean {
  if (value === null || value === undefined) return false
  return value !== 0 && value !== false && value !== '0' && value !== 'false'
}

/** Returns the first of these that applies: disabled, active (with a second factor), invited, or without a factor. */
export function statusOf(user: PrincipalUser): UserStatus {
  if (user.disabled) return 'disabled'
  if (user.secondFactorAt !== null) return 'active'
  return user.invitedAt === null ? 'no-factor' : 'invited'
}

/**
 * Whether the user waits for an invitation to be accepted, also after a reset of password and second factor; enabled or not. A user who has
 * signed in since the invitation has joined, also if they have no second factor by now.
 */
export function waitsForInvitation({
  invitedAt,
  secondFactorAt,
  lastSignInAt,
}: Pick<User, 'invitedAt' | 'secondFactorAt' | 'lastSignInAt'>): boolean {
  return invitedAt !== null && secondFactorAt === null && invitedAt >= (lastSignInAt ?? 0)
}

function codePoints(text: string): number {
  return Array.from(text.normalize('NFC')).length
}

/**
 * Whether a number can be a user's id. On SQLite an external insert can choose any integer, also 0 and negative ones, and later ids
 * continue from the largest; the table rejects integers that JavaScript cannot represent exactly.
 */
export function isUserId(value: number): boolean {
  return Number.isSafeInteger(value)
}

/** Returns the id of its decimal text; undefined for each other text, such as `07`. */
export function userIdIn(text: string): number | undefined {
  const id = Number(text)
  return isUserId(id) && String(id) === text ? id : undefined
}

/** The fields of a user that events show. */
export interface UserSummary {
  readonly subject: string
  readonly id: number
  readonly username: string
  readonly fullName: string | null
}
