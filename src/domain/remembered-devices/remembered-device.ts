// Remembered devices: browsers that skip the second factor of one user for some days.
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE, type Duration, type Instant, seconds } from '#foundation/kernel/time.ts'

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

/** How long policies let a device be remembered from an instant on, until the next period. */
export interface RememberPeriod {
  readonly from: Instant
  /** 0 for never. */
  readonly rememberFor: Duration
}

/** What decides whether a device is still remembered. */
export interface RememberTerms {
  /** The user's credential epoch now. */
  readonly epoch: number
  /** All of them until now, the earliest first. */
  readonly periods: readonly RememberPeriod[]
}

/**
 * Returns when the device is forgotten: at the end that it began with, or sooner by the policies of any period since then. A device that was
 * over under a stricter policy stays so when the policy is loosened again.
 */
export function rememberedUntil(
  { createdAt, expiresAt }: Pick<RememberedDevice, 'createdAt' | 'expiresAt'>,
  periods: readonly RememberPeriod[],
): Instant {
  const ends = periods.flatMap(({ from, rememberFor }, at) => {
    const to = periods[at + 1]?.from ?? Infinity
    const end = Math.max(from, createdAt + rememberFor)
    return to > createdAt && end < to ? [end] : []
  })
  return Math.min(expiresAt, ...ends)
}

/**
 * Whether the device is remembered now: not forgotten, before its end, and of the current credential epoch. One that began in the future
 * was remembered while a clock was ahead, so its end is unknown, and the answer is no until the job has corrected it.
 */
export function isRemembered(device: RememberedDevice, { epoch, periods }: RememberTerms, now: Instant): boolean {
  if (device.revokedAt !== null || device.epoch !== epoch || device.createdAt > now + CLOCK_TOLERANCE) return false
  return mayBeRemembered(periods) && now < rememberedUntil(device, periods)
}

/** Whether the policies let devices be remembered now. */
export function mayBeRemembered(periods: readonly RememberPeriod[]): boolean {
  return (periods.at(-1)?.rememberFor ?? 0) > 0
}

export const DEVICE_TOKEN_PREFIX = 'dwr_'

/** What a browser presents. The id finds the row, so that a secret that was replaced is distinguished from one that never was. */
export interface PresentedDevice {
  readonly id: string
  readonly token: Secret
}

/** How long after it replaced a secret a form is accepted once more. */
const REPEATABLE_FOR = seconds(30)

/** What a row knows of the last replacement of its secret. */
export interface Replacement {
  /** The hash of the current secret. */
  readonly tokenHash: string
  /** The hash of the form by which it replaced the one before; null where no form may be repeated. */
  readonly replacedBy: string | null
}

/**
 * Returns the stored form of a form that replaces a secret. It covers the random bytes of its page, the secret before and the hash of the
 * one after, so that nothing else counts as the same form: another page, another copy of the cookie, or a secret that was replaced again.
 */
export function replacementHash({ token }: PresentedDevice, formId: string, tokenHash: string): string {
  return hashOf(Secret.of(JSON.stringify([token.reveal(), formId, tokenHash])))
}

/** Whether this is the form that replaced the secret last, sent again, as after an answer that was lost. */
export function isRepetition(
  { tokenHash, replacedBy, lastUsedAt }: Replacement & Pick<RememberedDevice, 'lastUsedAt'>,
  presented: PresentedDevice,
  formId: string | undefined,
  now: Instant,
): boolean {
  if (replacedBy === null || formId === undefined) return false
  // A time in the future is that of a clock that was ahead, so how long ago it was is unknown.
  if (now >= lastUsedAt + REPEATABLE_FOR || lastUsedAt > now + CLOCK_TOLERANCE) return false
  return replacedBy === replacementHash(presented, formId, tokenHash)
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
