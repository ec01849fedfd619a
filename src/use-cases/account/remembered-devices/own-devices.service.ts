// Lists and forgets the user’s own remembered devices.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { rememberPeriods } from '#domain/policies/evaluation/remembering.service.ts'
import {
  forgetRememberedDevice,
  forgetRememberedDevices,
  listRememberedDevices,
} from '#domain/remembered-devices/remembered-device.service.ts'
import type { RememberedDevice, RememberPeriod } from '#domain/remembered-devices/remembered-device.ts'
import type { WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

export interface OwnDevices {
  readonly devices: readonly RememberedDevice[]
  /** How long policies let a device be remembered, until now. */
  readonly periods: readonly RememberPeriod[]
}

/** Returns the devices that skip the user's second factor now, the latest used first. */
export async function listOwnDevices(ctx: WithSession<'db' | 'now' | 'config'>): Promise<OwnDevices> {
  const { user } = ctx.principal
  const periods = await rememberPeriods(ctx, user)
  return { devices: await listRememberedDevices(ctx, user, periods), periods }
}

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
