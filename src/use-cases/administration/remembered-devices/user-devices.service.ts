// Forgets the remembered devices of another user, for admins and the operator.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import {
  forgetRememberedDevice,
  forgetRememberedDevices,
} from '#domain/remembered-devices/remembered-device.service.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { recordAbout, type UserRef, withTargetUser } from '../access/access.service.ts'

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
