// What the operating system provides: environment variables, error codes, random bytes, timers.
import { randomBytes as secureBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'

import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import type { Duration } from '#foundation/kernel/time.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The variables of the process by name. Only this file reads `process.env`, so that a test can pass other variables. */
export function environment(): Environment {
  return process.env
}

/** The code of a system error, such as `ENOENT`; empty for any other value. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The name of an account of this machine by its numeric id (passwd(5)); undefined if the file of local accounts has none. */
export function accountName(uid: number): string | undefined {
  const accounts = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : []
  return accounts.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[0]
}

/** Bytes from the operating system's secure source. */
export const randomBytes: RandomBytes = (size) => secureBytes(size)

/**
 * An id that no other process makes, and that is no secret: the 22 characters (base64url) of a UUID version 4 (RFC 9562 §5.4). Node draws
 * the random bytes of many UUIDs at once.
 */
export function randomId(): string {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url')
}

/** Monotonic time, which is never set, and stops while the machine sleeps. */
export function steadyNow(): Duration {
  return performance.now()
}

/** Handed to what waits, so that tests can let the time pass. */
export interface Timers {
  /** Calls `work` once after the delay, until the returned function is called. */
  after(delay: Duration, work: () => void): () => void
}

/** Timers that do not keep the process alive. */
export const SYSTEM_TIMERS: Timers = {
  after(delay, work) {
    const timer = setTimeout(work, delay).unref()
    return () => clearTimeout(timer)
  },
}
