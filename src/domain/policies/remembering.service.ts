// How long the devices of a user may be remembered, now and at each time before.
import type { With } from '../../foundation/context.ts'
import type { RememberPeriod } from '../remembered-devices/remembered-device.ts'
import type { Duration } from '../../foundation/kernel/time.ts'
import { rememberedFor } from './enough.ts'
import { configuredPolicy } from './policy.service.ts'
import { periodsOf } from './remembering.ts'
import { concerningVersions, userPolicy } from './stored-policy.service.ts'
import type { Concerned } from './stored-policy.service.ts'

/** Returns how long the policies in force let a device of this user be remembered; 0 for never, as for every user with a permission. */
export async function rememberFor(ctx: With<'db' | 'now' | 'config'>, user: Concerned): Promise<Duration> {
  return rememberedFor(await userPolicy(ctx, user))
}

/**
 * Returns how long the policies that concern this user now have let devices be remembered, until now. Of which groups the user was a member
 * earlier is not stored.
 */
export async function rememberPeriods(
  ctx: With<'db' | 'now' | 'config'>,
  user: Concerned,
): Promise<readonly RememberPeriod[]> {
  const hasPermissions = user.rolePermissions.length > 0
  return periodsOf(configuredPolicy(ctx), await concerningVersions(ctx, user), { hasPermissions, now: ctx.now })
}
