import { createHmac, timingSafeEqual } from 'node:crypto'

import { TOTP_DIGITS, TOTP_PERIOD } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'

export const TOTP_ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'] as const
export type TotpAlgorithm = (typeof TOTP_ALGORITHMS)[number]

/** What an authenticator app and the server must agree on (RFC 6238 §1.2). */
export interface TotpParameters {
  readonly algorithm: TotpAlgorithm
  readonly digits: number
  /** Seconds. */
  readonly period: number
}

/** The parameters that every authenticator app supports. */
export const DEFAULT_PARAMETERS: TotpParameters = {
  algorithm: 'SHA1',
  digits: TOTP_DIGITS,
  period: TOTP_PERIOD / 1000,
}

/** Steps before and after the current one that are accepted, for slow typing and slightly wrong clocks (RFC 6238 §5.2). */
const WINDOW = [0, -1, 1] as const

/** The number of whole periods since 1970: the moving factor. */
export function totpStep(now: Instant, { period } = DEFAULT_PARAMETERS): number {
  return Math.floor(now / 1000 / period)
}

/** Returns the earliest step that is accepted. */
export function firstAccepted(now: Instant, parameters = DEFAULT_PARAMETERS): number {
  return totpStep(now, parameters) + Math.min(...WINDOW)
}

/** Returns the last step that can be accepted at an instant at which `step` is accepted. */
export function lastBeside(step: number): number {
  return step + Math.max(...WINDOW) - Math.min(...WINDOW)
}

/** Returns the code of one step (RFC 4226 §5.3 over RFC 6238 §4.2), with leading zeros. */
export function totpCode(secret: Uint8Array, step: number, parameters = DEFAULT_PARAMETERS): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac(parameters.algorithm, secret).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  const truncated = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff
  return String(truncated % 10 ** parameters.digits).padStart(parameters.digits, '0')
}

export interface TotpKey extends TotpParameters {
  readonly secret: Uint8Array
  /** The step of the last code that was accepted; null before the first. */
  readonly lastUsedStep: number | null
}

export type TotpMatch = { readonly step: number; readonly used: boolean }

/**
 * Returns the step of this code within one period of now; undefined if there is none. `used` means that this step, or a later current
 * one, was accepted before: a code is valid once (RFC 6238 §5.2). A last step in the future was used by a clock that was ahead; then only
 * `acceptStep` knows which earlier steps were used. All candidates are compared in constant time, also with a code of another length, so
 * that the time reveals neither the app's parameters nor whether there is an app (enumeration).
 */
export function matchTotp(key: TotpKey, code: string, now: Instant): TotpMatch | undefined {
  const current = totpStep(now, key)
  const typed = Buffer.from(code)
  const matching = WINDOW.map((offset) => current + offset).filter(
    (step) => step >= 0 && sameBytes(Buffer.from(totpCode(key.secret, step, key)), typed),
  )
  const [step] = matching
  if (step === undefined) return undefined
  const { lastUsedStep: last } = key
  const fresh = matching.find((candidate) => last === null || candidate > last || last > lastBeside(candidate))
  return fresh === undefined ? { step, used: true } : { step: fresh, used: false }
}

/** How far a clock may be off, in periods, for a clock-drift hint: an hour with a period of 30 s. */
const FARTHEST = 120

/**
 * Returns the step of this code that is nearest to now, outside the window; undefined if there is none within `FARTHEST` periods. Only for
 * the clock-drift hint after the right password: the hint reveals that the code of a future step is right, so that step must never be
 * accepted (guessing).
 */
export function findStepInWideWindow(key: TotpKey, code: string, now: Instant): number | undefined {
  if (code.length !== key.digits) return undefined
  const current = totpStep(now, key)
  const typed = Buffer.from(code)
  for (let distance = 2; distance <= FARTHEST; distance++) {
    const step = [current - distance, current + distance].find(
      (candidate) => candidate >= 0 && sameBytes(Buffer.from(totpCode(key.secret, candidate, key)), typed),
    )
    if (step !== undefined) return step
  }
  return undefined
}

/** Returns the last step that a hint can disclose. */
export function lastDisclosable(now: Instant, parameters = DEFAULT_PARAMETERS): number {
  return totpStep(now, parameters) + FARTHEST
}

/** Returns by how many whole minutes a clock at this step is ahead of the server's; negative if it is behind. */
export function minutesAhead(step: number, now: Instant, { period } = DEFAULT_PARAMETERS): number {
  const seconds = (step - totpStep(now, { ...DEFAULT_PARAMETERS, period })) * period
  return Math.sign(seconds) * Math.max(1, Math.round(Math.abs(seconds) / 60))
}

function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * Returns a typed code as 6 to 8 ASCII digits: decimal digits of other scripts are converted, spaces and hyphens removed. Undefined if it
 * contains anything else.
 */
export function normaliseCode(typed: string): string | undefined {
  const code = digitsOf(typed.replace(/[\s\p{Pd}]/gu, ''))
  return code !== undefined && code.length >= 6 && code.length <= 8 ? code : undefined
}

/** Returns decimal digits of any script as ASCII digits; undefined if a character is no digit. */
export function digitsOf(text: string): string | undefined {
  const plain = Array.from(text.normalize('NFKC'), asciiDigit)
  return plain.includes(undefined) ? undefined : plain.join('')
}

function asciiDigit(character: string): string | undefined {
  if (/^[0-9]$/.test(character)) return character
  if (!/^\p{Nd}$/u.test(character)) return undefined
  // In Unicode the decimal digits of a script are ten consecutive code points, so the distance to the first is the value.
  const code = character.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(code - zero)
}
