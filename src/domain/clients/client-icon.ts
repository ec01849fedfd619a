// The icon of an app: what it must be, and where it is. Tested in client-icon.test.ts.
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { ICON_KIB_MAXIMUM, ICON_SIDES } from '#foundation/kernel/stated-limits.ts'

export interface ClientIcon {
  readonly type: 'image/png' | 'image/webp'
  readonly content: Buffer
  /** SHA-256 of the content, as hexadecimal digits. */
  readonly digest: string
}

export const ICON_BYTES_MAXIMUM = ICON_KIB_MAXIMUM * 1024
/** How much is read of an upload: more than an icon may have, so that a larger file is refused with the reason. */
export const ICON_UPLOAD_MAXIMUM = 1024 * 1024
/** By how much of the shorter side the longer one may exceed it. */
const OBLONG = 0.1

/** Whether a picture of this width and height can be an icon: it is square or nearly so. */
export function isIconSize(width: number, height: number): boolean {
  const [shorter, longer] = [Math.min(width, height), Math.max(width, height)]
  return shorter >= ICON_SIDES.least && longer <= ICON_SIDES.most && longer <= shorter * (1 + OBLONG)
}

const ICON_ERRORS = {
  type: 'app.icon_type',
  size: 'app.icon_size',
  animated: 'app.icon_animated',
  damaged: 'app.icon_damaged',
  large: 'app.icon_too_large',
} as const

export function iconError(fault: keyof typeof ICON_ERRORS): FieldError {
  const { least: minimum, most: maximum } = ICON_SIDES
  const facts = { size: { minimum, maximum }, large: { maximum: ICON_KIB_MAXIMUM } }
  const stated = fault === 'size' || fault === 'large' ? { facts: facts[fault] } : {}
  return { pointer: '/icon', code: ICON_ERRORS[fault], ...stated }
}

/** How many digits of the digest its URL has. */
const TAG_LENGTH = 16

/** The part of the digest by which a URL names one content, so that caches may keep it for ever. */
export function iconTag(digest: string): string {
  return digest.slice(0, TAG_LENGTH)
}

export function iconPath(clientId: string, digest: string): string {
  return `/apps/${encodeURIComponent(clientId)}/icon?v=${iconTag(digest)}`
}
