// How long the devices of a user may be remembered now.
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import type { Duration } from '../../foundation/kernel/time.ts'

/**
 * Returns how long the policy in force lets a device of this user be remembered; 0 for never. It is 0 for a user with any permission, and
 * where only phishing-resistant factors are enough.
 */
export async function rememberFor(
  { db, now }: With<'db' | 'now' | 'config'>,
  { rolePermissions }: Pick<PrincipalUser, 'subject' | 'role' | 'rolePermissions'>,
): Promise<Duration> {
  if (rolePermissions.length > 0) return 0
  const version = await db
    .selectFrom('policy_version')
    .select('remember_for')
    .where('in_force_from', '<=', now)
    .orderBy('version', 'desc')
    .executeTakeFirst()
  return version?.remember_for ?? 0
}
