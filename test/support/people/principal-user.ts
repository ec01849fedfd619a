import { permissionsOfRole } from '../../../src/foundation/kernel/principal.ts'
import type { PrincipalUser } from '../../../src/foundation/kernel/principal.ts'

/** A user whose fields say nothing unusual, with those that a test gives; for tests of rules, which need no database. */
export function principalUser(given: Partial<PrincipalUser> = {}): PrincipalUser {
  return {
    id: 7,
    subject: 'ada',
    username: 'ada',
    email: null,
    emailVerifiedAt: null,
    fullName: null,
    role: 'user',
    rolePermissions: permissionsOfRole(given.role ?? 'user'),
    disabled: false,
    credentialEpoch: 1,
    revision: 1,
    createdAt: 1_800_000_000_000,
    secondFactorAt: null,
    passkeyAt: null,
    lastSignInAt: null,
    invitedAt: null,
    passwordChangeAskedAt: null,
    expiresAt: null,
    locale: null,
    timeZone: null,
    ...given,
  }
}
