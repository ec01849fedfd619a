// Converts a row of `users`, which may be externally inserted, to a user.
// Tested in test/attacks/external-rows.test.ts.
import { heldRole } from '#domain/roles/role.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { type Instant, LAST_INSTANT } from '#foundation/kernel/time.ts'
import { isDisabled, type User } from './user.ts'

type Renamed = 'username' | 'role' | 'rolePermissions' | 'disabled' | 'hashedPassword' | 'insertedExternally'

/** A row that a query of `USER_COLUMNS` returns. */
export type UserRow = Omit<User, Renamed> & {
  readonly username: string | null
  readonly role: string | null
  /** As the table of roles has them; null for a built-in and for an unknown role. */
  readonly rolePermissions: string | null
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
    ...heldRole(row.role, row.rolePermissions),
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
