// Remembers, uses, lists and forgets the browsers that skip a user's second factor (decision 0068).
//
//   rememberDevice ──►  remembered  ──┬──  useRememberedDevice  ──►  remembered, with another secret
//                                     ├──  the same form again, once  ──►  remembered, with another secret
//                                     ├──  a replaced secret is presented otherwise  ──►  forgotten, and recorded
//                                     └──  forgotten, expired, policy shortened, credentials changed  ──►  ended
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { days, type Duration } from '#foundation/kernel/time.ts'
import { clampFutureRows } from '#foundation/platform/database/future-rows.ts'
import {
  deleteRememberedDevices,
  insertRememberedDevice,
  isCurrentToken,
  replaceDeviceToken,
  revokeRememberedDevice,
  revokeRememberedDevices,
  selectRememberedDevice,
  selectRememberedDevices,
  updateDeviceSession,
} from './remembered-device.queries.ts'
import {
  DEVICE_TOKEN_PREFIX,
  deviceValue,
  isRemembered,
  isRepetition,
  type PresentedDevice,
  readDeviceValue,
  type RememberedDevice,
  rememberedUntil,
  type RememberPeriod,
  replacementHash,
} from './remembered-device.ts'

type Owner = Pick<PrincipalUser, 'subject' | 'credentialEpoch'>

/** What the browser gets: the secret is shown once, and only its hash is stored. */
export interface DeviceGrant {
  readonly id: string
  /** The value of the cookie. */
  readonly value: Secret
  /** How long the browser keeps the cookie, in milliseconds. */
  readonly lifetime: Duration
}

/** Remembers the browser of this request for `rememberFor`. */
export async function rememberDevice(
  ctx: InTransaction<With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>>,
  { subject, credentialEpoch: epoch }: Owner,
  rememberFor: Duration,
): Promise<DeviceGrant> {
  const { ipAddress: address, userAgent: agent } = ctx.principal.source
  const token = newSecretToken(ctx.random, DEVICE_TOKEN_PREFIX)
  const times = { createdAt: ctx.now, lastUsedAt: ctx.now, expiresAt: ctx.now + rememberFor, revokedAt: null }
  const device = { id: ctx.newId(), subject, epoch, address, agent, ...times }
  await insertRememberedDevice(ctx.db, device, hashOf(token))
  const details = { device: device.id, days: Math.ceil(rememberFor / days(1)) }
  await recordEvent(ctx, { action: 'device.remembered', actor: subject, target: subject, details })
  return { id: device.id, value: deviceValue({ id: device.id, token }), lifetime: rememberFor }
}

/** A use of a device as a form of a page asks for it. */
export interface DeviceSubmission {
  readonly presented: PresentedDevice
  /** The random bytes of the page; undefined for a form without them, which is never accepted twice. */
  readonly formId: string | undefined
}

export interface DeviceUse {
  readonly grant: DeviceGrant
  /** The session of the first answer, which the repetition of a form replaces; null for a first use. */
  readonly replacedSession: string | null
}

/**
 * Uses a remembered device of the user: its secret is replaced in this transaction. The form that replaced it last is accepted once more,
 * and replaces the secret of its first answer. Returns what the browser gets; undefined if the device is another user's, unknown, or no
 * longer remembered. Any other secret that was replaced ends the device, is recorded, and returns `replayed`: the browser or a copy of its
 * cookie has used it already.
 */
export async function useRememberedDevice(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  { subject, credentialEpoch: epoch }: Owner,
  { presented, formId, periods }: DeviceSubmission & { readonly periods: readonly RememberPeriod[] },
): Promise<DeviceUse | 'replayed' | undefined> {
  const { db, now } = ctx
  const { id } = presented
  const device = await selectRememberedDevice(db, { subject, id })
  if (device === undefined || !isRemembered(device, { epoch, periods }, now)) return undefined
  const token = newSecretToken(ctx.random, DEVICE_TOKEN_PREFIX)
  const to = hashOf(token)
  const grant = { id, value: deviceValue({ id, token }), lifetime: rememberedUntil(device, periods) - now }
  const by = formId === undefined ? null : replacementHash(presented, formId, to)
  if (await replaceDeviceToken(db, { id, from: hashOf(presented.token), to, by, now }))
    return { grant, replacedSession: null }
  const isRepeated = isRepetition(device, presented, formId, now)
  if (isRepeated && (await replaceDeviceToken(db, { id, from: device.tokenHash, to, by: null, now })))
    return { grant, replacedSession: device.sessionId }
  if (!(await revokeRememberedDevice(db, { subject, id, now }))) return undefined
  await recordEvent(ctx, { action: 'device.replayed', target: subject, details: { device: id } })
  return 'replayed'
}

/** Stores which session a use has begun, so that a repetition of its form can end it. */
export function noteDeviceSession(
  ctx: InTransaction<With<'db'>>,
  { id }: DeviceGrant,
  sessionId: string,
): Promise<void> {
  return updateDeviceSession(ctx.db, id, sessionId)
}

/** Whether the secret that a browser got is still that of its device: it was not used since, and the device not forgotten. */
export async function isCurrentGrant(ctx: With<'db'>, { value }: DeviceGrant): Promise<boolean> {
  const presented = readDeviceValue(value.reveal())
  return presented !== undefined && isCurrentToken(ctx.db, { ...presented, tokenHash: hashOf(presented.token) })
}

/** Returns the devices that the user's current epoch and the policies since then let be remembered, the latest used first. */
export async function listRememberedDevices(
  ctx: With<'db' | 'now'>,
  { subject, credentialEpoch: epoch }: Owner,
  periods: readonly RememberPeriod[],
): Promise<RememberedDevice[]> {
  const kept = await selectRememberedDevices(ctx.db, subject, ctx.now)
  return kept.filter((device) => isRemembered(device, { epoch, periods }, ctx.now))
}

/** Forgets one device of the user; false if the user has no such device, or it was forgotten before. */
export function forgetRememberedDevice(
  ctx: With<'db' | 'now'>,
  { subject, id }: { readonly subject: string; readonly id: string },
): Promise<boolean> {
  return revokeRememberedDevice(ctx.db, { subject, id, now: ctx.now })
}

/** Forgets all devices of the user; returns how many. */
export function forgetRememberedDevices(ctx: With<'db' | 'now'>, subject: string): Promise<number> {
  return revokeRememberedDevices(ctx.db, subject, ctx.now)
}

/** Lets devices that were remembered while a clock was ahead expire after their usual time from now on. */
export function clampRememberedDevices(ctx: With<'db' | 'now'>): Promise<void> {
  return clampFutureRows(ctx.db, 'remembered_device', ctx.now)
}

/** Deletes devices that reached their end. */
export function deleteExpiredRememberedDevices(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteRememberedDevices(ctx.db, ctx.now)
}
