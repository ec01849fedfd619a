import { heldRole } from '#domain/roles/role.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'

/** A user whose fields say nothing unusual, with those that a test gives; for tests of rules, which need no database. */
export function principalUser(given: Partial<PrincipalUser> = {}): PrincipalUser {
  return {
    id: 7,
    subject: 'ada',
    username: 'ada',
    email: null,
    emailVerifiedAt: null,
    fullName: null,
    ...heldRole(given.role ?? 'user', null),
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
