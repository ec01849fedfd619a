// Converts a row of `users`, which may be externally inserted, to a user.
import { Secret } from '../../foundation/kernel/secret.ts'
import { LAST_INSTANT } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { permissionsOfRole } from '../../foundation/kernel/principal.ts'
import { isDisabled, roleOf } from './user.ts'
import type { User } from './user.ts'

/** The columns of a user, with their aliases. */
export const USER_COLUMNS = [
  'users.id as id',
  'users.subject as subject',
  'users.username as username',
  'users.email as email',
  'users.email_verified_at as emailVerifiedAt',
  'users.full_name as fullName',
  'users.role as role',
  'users.disabled as disabled',
  'users.hashed_password as hashedPassword',
  'users.credential_epoch as credentialEpoch',
  'users.revision as revision',
  'users.created_at as createdAt',
  'users.invited_at as invitedAt',
  'users.second_factor_at as secondFactorAt',
  'users.passkey_at as passkeyAt',
  'users.last_sign_in_at as lastSignInAt',
  'users.password_changed_at as passwordChangedAt',
  'users.password_change_asked_at as passwordChangeAskedAt',
  'users.review_required_at as reviewRequiredAt',
  'users.new_device_notices_off_at as newDeviceNoticesOffAt',
  'users.expires_at as expiresAt',
  'users.locale as locale',
  'users.time_zone as timeZone',
  'users.username_key as usernameKey',
  'users.otp_secret as otpSecret',
] as const

type Renamed = 'username' | 'role' | 'rolePermissions' | 'disabled' | 'hashedPassword' | 'insertedExternally'

/** A row that a query of `USER_COLUMNS` returns. */
export type UserRow = Omit<User, Renamed> & {
  readonly username: string | null
  readonly role: string | null
  readonly disabled: number | string | boolean | null
  readonly hashedPassword: string | null
  readonly usernameKey: string | null
  readonly otpSecret: string | null
}

/**
 * Returns the user of a row. Never throws for an externally inserted row: a value that is not a text counts as NULL, and a value that is
 * not an instant as 1970, because an enrolled second factor must not count as missing (second-factor bypass).
 */
export function userFromRow({ usernameKey, otpSecret, ...row }: UserRow): User {
  return {
    ...row,
    emailVerifiedAt: instantOrNull(row.emailVerifiedAt),
    createdAt: instantOrNull(row.createdAt),
    invitedAt: instantOrNull(row.invitedAt),
    secondFactorAt: instantOrNull(row.secondFactorAt),
    passkeyAt: instantOrNull(row.passkeyAt),
    lastSignInAt: instantOrNull(row.lastSignInAt),
    passwordChangedAt: instantOrNull(row.passwordChangedAt),
    passwordChangeAskedAt: instantOrNull(row.passwordChangeAskedAt),
    reviewRequiredAt: instantOrNull(row.reviewRequiredAt),
    newDeviceNoticesOffAt: instantOrNull(row.newDeviceNoticesOffAt),
    expiresAt: instantOrNull(row.expiresAt),
    insertedExternally: usernameKey === null || otpSecret !== null,
    username: textOrNull(row.username) ?? '',
    email: textOrNull(row.email),
    fullName: textOrNull(row.fullName),
    locale: textOrNull(row.locale),
    timeZone: textOrNull(row.timeZone),
    role: roleOf(row.role),
    rolePermissions: permissionsOfRole(roleOf(row.role)),
    disabled: isDisabled(row.disabled),
    hashedPassword: typeof row.hashedPassword === 'string' ? Secret.of(row.hashedPassword) : null,
  }
}

/** Returns the instant of a column; null for NULL, and 0 for an invalid value. */
export function instantOrNull(value: unknown): Instant | null {
  if (value === null) return null
  return typeof value === 'number' && Math.abs(value) <= LAST_INSTANT ? Math.trunc(value) : 0
}

/** Returns the text of a column; null for each other value. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
