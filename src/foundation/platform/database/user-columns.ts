// The columns that queries read of a user, with the permissions of their role.
import { sql } from 'kysely'

/**
 * The permissions of the user's role, in the query that reads the user; null for a built-in and for an unknown role. Being part of a
 * statement, they are never those of an earlier role.
 */
export const ROLE_PERMISSIONS = sql<
  string | null
>`(select "role"."permissions" from "role" where "role"."name" = "users"."role")`.as('rolePermissions')

/** The columns of a user, with their aliases. */
export const USER_COLUMNS = [
  'users.id as id',
  'users.subject as subject',
  'users.username as username',
  'users.email as email',
  'users.email_verified_at as emailVerifiedAt',
  'users.full_name as fullName',
  'users.role as role',
  ROLE_PERMISSIONS,
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
