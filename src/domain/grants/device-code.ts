// Device codes (RFC 8628): a program without a browser shows a user code, which its user types in a browser; meanwhile it asks for its tokens.
// Tested in device-code.test.ts.
import { type Duration, type Instant, seconds } from '#foundation/kernel/time.ts'
import type { GrantToken } from './grant.ts'

export interface DeviceCode extends GrantToken {
  readonly clientId: string
  readonly deniedAt: Instant | null
}

/** How long a device waits between two requests for its tokens. */
export const POLL_INTERVAL: Duration = seconds(5)

/** The network can bring two requests closer together than the device has sent them. */
const POLL_TOLERANCE: Duration = seconds(1)

/** Returns the latest instant of the request before, if one at `now` is not too fast. */
export function lastPollBefore(now: Instant): Instant {
  return now - POLL_INTERVAL + POLL_TOLERANCE
}

/** The letters of user codes: consonants, so that no code is a word (RFC 8628 §6.1). Eight of 20 are 34 bits. */
const USER_CODE = /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/

/** Returns a user code as it is compared, from what a user typed: in any case, with spaces and hyphens anywhere. Undefined for no code. */
export function userCodeIn(typed: string): string | undefined {
  const letters = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
  return USER_CODE.test(letters) ? letters : undefined
}

export function shownUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}
