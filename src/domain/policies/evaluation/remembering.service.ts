// How long the devices of a user may be remembered, at each time until now.
import { listRememberedDevices } from '#domain/remembered-devices/remembered-device.service.ts'
import type { RememberedDevice, RememberPeriod } from '#domain/remembered-devices/remembered-device.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { configuredPolicy } from '../policy.service.ts'
import type { EvaluatedUser } from '../policy.ts'
import { applicableVersions } from '../store/stored-policy.service.ts'
import { periodsOf } from './remembering.ts'

/**
 * Returns how long the policies that apply to this user now have let devices be remembered, until now. Of which groups the user was a member
 * earlier is not stored.
 */
export async function rememberPeriods(
  ctx: With<'db' | 'now' | 'config'>,
  user: EvaluatedUser,
): Promise<readonly RememberPeriod[]> {
  const hasPermissions = user.rolePermissions.length > 0
  return periodsOf(configuredPolicy(ctx), await applicableVersions(ctx, user), { hasPermissions, now: ctx.now })
}

export interface DevicesOfUser {
  readonly devices: readonly RememberedDevice[]
  /** How long policies let a device be remembered, until now. */
  readonly periods: readonly RememberPeriod[]
}

/** Returns the devices that skip this user's second factor now, the latest used first. */
export async function listDevicesOf(
  ctx: With<'db' | 'now' | 'config'>,
  user: EvaluatedUser & Pick<User, 'credentialEpoch'>,
): Promise<DevicesOfUser> {
  const periods = await rememberPeriods(ctx, user)
  return { devices: await listRememberedDevices(ctx, user, periods), periods }
}
