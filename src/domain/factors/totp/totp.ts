import { createHmac, timingSafeEqual } from 'node:crypto'

import type { Instant } from '../../../foundation/kernel/time.ts'

export const TOTP_ALGORITHMS = ['SHA1', 'SHA256', 'SHA512'] as const
export type TotpAlgorithm = (typeof TOTP_ALGORITHMS)[number]

/** What an authenticator app and the server must agree on (RFC 6238 §1.2). */
export interface TotpParameters {
  readonly algorithm: TotpAlgorithm
  readonly digits: number
  /** Seconds. */
  readonly period: number
}

/** What every authenticator app understands. */
export const DEFAULT_PARAMETERS: TotpParameters = { algorithm: 'SHA1', digits: 6, period: 30 }

/** Steps before and after the present one that are accepted, for slow typing and slightly wrong clocks (RFC 6238 §5.2). */
const WINDOW = [0, -1, 1] as const

/** The number of whole periods since 1970: the moving factor. */
export function totpStep(now: Instant, { period } = DEFAULT_PARAMETERS): number {
  return Math.floor(now / 1000 / period)
}

/** The earliest step that is still accepted. */
export function firstAccepted(now: Instant, parameters = DEFAULT_PARAMETERS): number {
  return totpStep(now, parameters) + Math.min(...WINDOW)
}

/** The last step that can be accepted at a moment at which this one is. */
export function lastBeside(step: number): number {
  return step + Math.max(...WINDOW) - Math.min(...WINDOW)
}

/** The code of one step (RFC 4226 §5.3 over RFC 6238 §4.2), with its leading zeros. */
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
 * The step whose code this is, within one period of now, or undefined. `used` means that this step, or a later one of the
 * present, was accepted before: a code works once (RFC 6238 §5.2). A last step in the future was used by a clock that was
 * ahead; then only `acceptStep` knows what was used before it. All candidates are compared, in constant time each, and also with
 * a code of another length: the work must not tell what kind of app somebody has, or that they have one.
 */
export function matchTotp(key: TotpKey, code: string, now: Instant): TotpMatch | undefined {
  const present = totpStep(now, key)
  const typed = Buffer.from(code)
  const matching = WINDOW.map((offset) => present + offset).filter(
    (step) => step >= 0 && sameBytes(Buffer.from(totpCode(key.secret, step, key)), typed),
  )
  const [step] = matching
  if (step === undefined) return undefined
  const { lastUsedStep: last } = key
  const fresh = matching.find((candidate) => last === null || candidate > last || last > lastBeside(candidate))
  return fresh === undefined ? { step, used: true } : { step: fresh, used: false }
}

/** How far a clock may be off, in periods, for us to say so: an hour with the usual period. */
const FARTHEST = 120

/**
 * The step nearest to now, outside the window, whose code this is; undefined where there is none within an hour. Only
 * for telling somebody whose password was right that their clock is off: whoever is told of a step that is still to come
 * holds a code that would work then, so such a step must never be accepted.
 */
export function findStepInWideWindow(key: TotpKey, code: string, now: Instant): number | undefined {
  if (code.length !== key.digits) return undefined
  const present = totpStep(now, key)
  const typed = Buffer.from(code)
  for (let distance = 2; distance <= FARTHEST; distance++) {
    const step = [present - distance, present + distance].find(
      (candidate) => candidate >= 0 && sameBytes(Buffer.from(totpCode(key.secret, candidate, key)), typed),
    )
    if (step !== undefined) return step
  }
  return undefined
}

/** The farthest step that can be disclosed. */
export function lastTold(now: Instant, parameters = DEFAULT_PARAMETERS): number {
  return totpStep(now, parameters) + FARTHEST
}

/** By how many whole minutes a clock that shows this step is ahead of ours; negative when it is behind. */
export function minutesAhead(step: number, now: Instant, { period } = DEFAULT_PARAMETERS): number {
  const seconds = (step - totpStep(now, { ...DEFAULT_PARAMETERS, period })) * period
  return Math.sign(seconds) * Math.max(1, Math.round(Math.abs(seconds) / 60))
}

function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

/**
 * A typed code as plain digits: full-width and other decimal digits become ASCII, spaces and hyphens between them go.
 * Undefined where anything else is in it.
 */
export function normaliseCode(typed: string): string | undefined {
  const code = digitsOf(typed.replace(/[\s\p{Pd}]/gu, ''))
  return code !== undefined && code.length >= 6 && code.length <= 8 ? code : undefined
}

/** Decimal digits of any script as ASCII digits, or undefined where one is none. */
export function digitsOf(text: string): string | undefined {
  const plain = Array.from(text.normalize('NFKC'), asciiDigit)
  return plain.includes(undefined) ? undefined : plain.join('')
}

function asciiDigit(character: string): string | undefined {
  if (/^[0-9]$/.test(character)) return character
  if (!/^\p{Nd}$/u.test(character)) return undefined
  // Unicode keeps the decimal digits of a script in ten consecutive code points, so the distance to the first is the value.
  const code = character.codePointAt(0) ?? 0
  let zero = code
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return String(code - zero)
}
