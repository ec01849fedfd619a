// The effective policy of one user, by the configuration and by the stored policies that apply to the user.
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { configuredPolicy } from '../policy.service.ts'
import type { ApplicableVersion, EvaluatedUser, UserPolicy } from '../policy.ts'
import { applicableVersions, versionForEveryone, versionsIn, versionsInGroups } from '../store/stored-policy.service.ts'
import { effectivePolicy } from './effective-policy.ts'

/** Returns what the configuration and the policies in force require of a user now. */
export async function userPolicy(ctx: With<'db' | 'now' | 'config'>, user: EvaluatedUser): Promise<UserPolicy> {
  return evaluated(ctx, user, await applicableVersions(ctx, user))
}

/** Returns what will be required of a user who is created with these groups, by their ids. */
export async function policyInGroups(
  ctx: With<'db' | 'now' | 'config'>,
  user: EvaluatedUser,
  joins: readonly string[],
): Promise<UserPolicy> {
  return evaluated(ctx, user, await versionsInGroups(ctx, user, joins))
}

/** Returns the same as `userPolicy` from the versions that the query of the user has read. */
export function userPolicyFrom(
  ctx: With<'now' | 'config'>,
  user: Pick<PrincipalUser, 'rolePermissions'>,
  read: string | null,
): UserPolicy {
  return evaluated(ctx, user, versionsIn(read))
}

/** Returns what is required of everyone: of users without permissions to which no other policy applies. */
export async function policyForEveryone(ctx: With<'db' | 'now' | 'config'>): Promise<UserPolicy> {
  const found = await versionForEveryone(ctx)
  const versions =
    found === undefined ? [] : [{ ...found, scope: 'everyone', exemptUntil: null, exemptByHelp: false } as const]
  return evaluated(ctx, { rolePermissions: [] }, versions)
}

function evaluated(
  ctx: With<'now' | 'config'>,
  { rolePermissions }: Pick<PrincipalUser, 'rolePermissions'>,
  versions: readonly ApplicableVersion[],
): UserPolicy {
  const about = { hasPermissions: rolePermissions.length > 0, now: ctx.now }
  return effectivePolicy(configuredPolicy(ctx), versions, about).terms
}
