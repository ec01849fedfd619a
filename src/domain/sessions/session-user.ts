// The user of a session, from the row that is read for each request. Tested in test/stories/sessions.test.ts.
import { heldRole } from '#domain/roles/role.ts'
import { instantOrNull, textOrNull } from '#domain/users/user-row.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { SessionWithUser } from './session-user.queries.ts'

/** Returns the user of a session’s row. It names each field: destructuring and spreading the row of each request takes ten times as long. */
export function principalUserOf(row: SessionWithUser): PrincipalUser {
  const { role, rolePermissions } = heldRole(row.role, row.rolePermissions)
  return {
    id: row.id,
    subject: row.subject,
    username: textOrNull(row.username) ?? '',
    email: textOrNull(row.email),
    emailVerifiedAt: instantOrNull(row.emailVerifiedAt),
    fullName: textOrNull(row.fullName),
    role,
    rolePermissions,
    disabled: false,
    credentialEpoch: row.credentialEpoch,
    revision: row.revision,
    createdAt: instantOrNull(row.createdAt),
    secondFactorAt: instantOrNull(row.secondFactorAt),
    passkeyAt: instantOrNull(row.passkeyAt),
    lastSignInAt: instantOrNull(row.lastSignInAt),
    invitedAt: instantOrNull(row.invitedAt),
    passwordChangeAskedAt: instantOrNull(row.passwordChangeAskedAt),
    expiresAt: instantOrNull(row.expiresAt),
    locale: textOrNull(row.locale),
    timeZone: textOrNull(row.timeZone),
  }
}
