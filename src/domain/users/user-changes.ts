// The effects of a change of a user on the columns of their row.
// Tested in user.service.test.ts.
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { foldName, type User } from './user.ts'

/** An omitted field stays unchanged. */
export interface UserChanges {
  readonly username?: string
  readonly email?: string | null
  readonly fullName?: string | null
  readonly role?: string
  readonly disabled?: boolean
  readonly hashedPassword?: Secret | null
  readonly secondFactorAt?: Instant | null
  readonly passkeyAt?: Instant | null
  readonly lastSignInAt?: Instant | null
  readonly invitedAt?: Instant | null
  readonly passwordChangeAskedAt?: Instant | null
  readonly expiresAt?: Instant | null
  readonly emailVerifiedAt?: Instant | null
  /** When an admin asked for the confirmation of the email. */
  readonly confirmationAskedAt?: Instant
  readonly reviewRequiredAt?: Instant | null
  readonly newDeviceNoticesOffAt?: Instant | null
  readonly locale?: string | null
  readonly timeZone?: string | null
}

export type RowChanges = ReturnType<typeof rowChanges>

/**
 * Returns the changes without the names and emails that equal the stored ones. A row of a legacy database may hold a value that a new
 * one must not have, so a client may send it back unchanged.
 */
export function realChanges(user: User, changes: UserChanges): UserChanges {
  const { username, email, fullName, ...others } = changes
  return {
    ...others,
    ...(username === undefined || username === user.username ? {} : { username: username.normalize('NFC') }),
    ...(email === undefined || email === user.email ? {} : { email: email?.normalize('NFC') ?? null }),
    ...(fullName === undefined || fullName === user.fullName ? {} : { fullName: fullName?.normalize('NFC') ?? null }),
  }
}

/** Whether the change raises the credential epoch, which ends sessions, attempts, links and device cookies of the epoch before. */
export function bumpsEpoch(user: User, changes: UserChanges): boolean {
  return (
    changes.hashedPassword !== undefined ||
    (changes.role !== undefined && changes.role !== user.role) ||
    (changes.disabled !== undefined && changes.disabled !== user.disabled) ||
    (changes.secondFactorAt !== undefined && changes.secondFactorAt !== user.secondFactorAt)
  )
}

/**
 * Returns the columns to write for changes that `realChanges` has filtered.
 * @param about `newPassword` is false if the same password is rehashed with a better scheme
 */
export function rowChanges(changes: UserChanges, about: { now: Instant; newPassword: boolean }) {
  return defined({
    ...nameChanges(changes),
    ...emailChanges(changes),
    ...(about.newPassword ? { password_changed_at: about.now, password_change_asked_at: null } : {}),
    ...(changes.passwordChangeAskedAt === undefined ? {} : { password_change_asked_at: changes.passwordChangeAskedAt }),
    ...(changes.expiresAt === undefined ? {} : { expires_at: changes.expiresAt, expiry_notice: null }),
    full_name: changes.fullName,
    role: changes.role,
    disabled: changes.disabled === undefined ? undefined : Number(changes.disabled),
    hashed_password: changes.hashedPassword === null ? null : changes.hashedPassword?.reveal(),
    second_factor_at: changes.secondFactorAt,
    passkey_at: changes.passkeyAt,
    last_sign_in_at: changes.lastSignInAt,
    invited_at: changes.invitedAt,
    review_required_at: changes.reviewRequiredAt,
    new_device_notices_off_at: changes.newDeviceNoticesOffAt,
    email_confirmation_asked_at: changes.confirmationAskedAt,
    locale: changes.locale,
    time_zone: changes.timeZone,
  })
}

function nameChanges({ username }: UserChanges) {
  return username === undefined ? {} : { username, username_key: foldName(username) }
}

/** A new email is unverified until it is confirmed. */
function emailChanges({ email, emailVerifiedAt }: UserChanges) {
  const verified = emailVerifiedAt === undefined ? {} : { email_verified_at: emailVerifiedAt }
  if (email === undefined) return verified
  return { email, email_key: email === null ? null : foldName(email), email_verified_at: null, ...verified }
}

/** Returns the text that the search box searches: folded username, email and full name, a line each. */
export function searchWords(...texts: (string | null)[]): string {
  return texts.map((text) => (typeof text === 'string' ? foldName(text) : '')).join('\n')
}

type Defined<Fields> = { readonly [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<Fields>
}
