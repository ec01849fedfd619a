// Lists and forgets the remembered devices of another user, for admins and the operator.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { rememberPeriods } from '#domain/policies/evaluation/remembering.service.ts'
import {
  forgetRememberedDevice,
  forgetRememberedDevices,
  listRememberedDevices,
} from '#domain/remembered-devices/remembered-device.service.ts'
import type { RememberedDevice, RememberPeriod } from '#domain/remembered-devices/remembered-device.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { recordAbout, type UserRef, withTargetUser } from '../access/access.service.ts'

export interface DevicesOfUser {
  readonly devices: readonly RememberedDevice[]
  /** How long policies let a device be remembered, until now. */
  readonly periods: readonly RememberPeriod[]
}

/** Returns the devices that skip this user's second factor now, the latest used first. */
export async function listDevicesOf(ctx: With<'db' | 'now' | 'config'>, user: User): Promise<DevicesOfUser> {
  const periods = await rememberPeriods(ctx, user)
  return { devices: await listRememberedDevices(ctx, user, periods), periods }
}

/** Forgets one device of a user. Throws `user.not_found`, and `device.not_found` for one that is gone or of another user. */
export function forgetDeviceOf(ctx: ChangeDeps, ref: UserRef, id: string): Promise<void> {
  return withTargetUser(ctx, ref, 'device.forgotten', async (tx, user) => {
    if (!(await forgetRememberedDevice(tx, { subject: user.subject, id }))) throw new Refusal('device.not_found')
    await recordAbout(tx, user, 'device.forgotten', { device: id })
  })
}

/** Forgets all devices of a user; returns how many. Throws `user.not_found`. */
export function forgetDevicesOf(ctx: ChangeDeps, ref: UserRef): Promise<number> {
  return withTargetUser(ctx, ref, 'device.forgotten', async (tx, user) => {
    const devices = await forgetRememberedDevices(tx, user.subject)
    if (devices > 0) await recordAbout(tx, user, 'device.forgotten', { devices })
    return devices
  })
}
