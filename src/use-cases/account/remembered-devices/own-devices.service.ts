// Forgets the user’s own remembered devices.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import {
  forgetRememberedDevice,
  forgetRememberedDevices,
} from '#domain/remembered-devices/remembered-device.service.ts'
import type { WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Forgets one of the user's devices. Throws `device.not_found` for another user's device too, so that ids cannot be probed, and for one that
 * was forgotten before.
 */
export function forgetOwnDevice(ctx: Deps, id: string): Promise<void> {
  const { subject } = ctx.principal.user
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    if (!(await forgetRememberedDevice(tx, { subject, id }))) throw new Refusal('device.not_found')
    await recordEvent(tx, { action: 'device.forgotten', target: subject, details: { device: id } })
  })
}

export function forgetOwnDevices(ctx: Deps): Promise<number> {
  const { subject } = ctx.principal.user
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    const devices = await forgetRememberedDevices(tx, subject)
    if (devices > 0) await recordEvent(tx, { action: 'device.forgotten', target: subject, details: { devices } })
    return devices
  })
}
