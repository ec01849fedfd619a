// Remembered devices: browsers that skip the second factor of one user for some days.
import { Secret } from '../../foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE } from '../../foundation/kernel/time.ts'
import type { Duration, Instant } from '../../foundation/kernel/time.ts'

export interface RememberedDevice {
  readonly id: string
  readonly subject: string
  /** The user's credential epoch at the second factor: a later change of credentials ends the device. */
  readonly epoch: number
  /** Where the second factor was verified. */
  readonly address: string
  readonly agent: string | null
  /** When the second factor was verified. No use changes it. */
  readonly createdAt: Instant
  readonly lastUsedAt: Instant
  readonly expiresAt: Instant
  readonly revokedAt: Instant | null
}

/** What decides whether a device is still remembered. */
export interface RememberTerms {
  /** The user's credential epoch now. */
  readonly epoch: number
  /** How long the policy in force now lets a device be remembered; 0 for never. */
  readonly rememberFor: Duration
}

/** Returns when the device is forgotten: at the end that it began with, or sooner by the policy in force now. */
export function rememberedUntil(
  { createdAt, expiresAt }: Pick<RememberedDevice, 'createdAt' | 'expiresAt'>,
  rememberFor: Duration,
): Instant {
  return Math.min(expiresAt, createdAt + rememberFor)
}

/**
 * Whether the device is remembered now: not forgotten, before its end, and of the present credential epoch. One that began in the future
 * was remembered while a clock was ahead, so its end is unknown, and the answer is no until the job has corrected it.
 */
export function isRemembered(device: RememberedDevice, { epoch, rememberFor }: RememberTerms, now: Instant): boolean {
  if (device.revokedAt !== null || device.epoch !== epoch || device.createdAt > now + CLOCK_TOLERANCE) return false
  return rememberFor > 0 && now < rememberedUntil(device, rememberFor)
}

export const DEVICE_TOKEN_PREFIX = 'dwr_'

/** What a browser presents. The id finds the row, so that a secret that was replaced is told from one that never was. */
export interface PresentedDevice {
  readonly id: string
  readonly token: Secret
}

const VALUE = /^([0-9a-f-]{36})\.(dwr_[\w-]{43})$/

/** Returns what the value of the cookie presents; undefined if it has another form. */
export function readDeviceValue(value: string | undefined): PresentedDevice | undefined {
  const [, id, token] = VALUE.exec(value ?? '') ?? []
  return id === undefined || token === undefined ? undefined : { id, token: Secret.of(token) }
}

/** Returns the value of the cookie. */
export function deviceValue({ id, token }: PresentedDevice): Secret {
  return Secret.of(`${id}.${token.reveal()}`)
}
