// An authenticator app in software (RFC 6238), and codes that are used once.
import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What app and server agree on (RFC 6238 §1.2). */
export interface CodeParameters {
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512'
  readonly digits: number
  /** Seconds. */
  readonly period: number
}

const USUAL: CodeParameters = { algorithm: 'SHA1', digits: 6, period: 30 }

/** An authenticator app with one key. */
export class Authenticator {
  readonly #secret: Uint8Array
  readonly #parameters: CodeParameters

  /** `secret` is the setup key in base32. Throws where it is not valid base32. */
  constructor(secret: string, parameters: Partial<CodeParameters> = {}) {
    this.#parameters = { ...USUAL, ...parameters }
    this.#secret = bytesOf(secret)
  }

  /** The number of whole periods since 1970 at that instant. */
  step(now: number): number {
    return Math.floor(now / 1000 / this.#parameters.period)
  }

  /** The code at that instant, or `offset` steps away from it. */
  code(now: number, offset = 0): string {
    const { algorithm, digits } = this.#parameters
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(this.step(now) + offset))
    const mac = createHmac(algorithm, this.#secret).update(counter).digest()
    const number = mac.readUInt32BE((mac[mac.length - 1] ?? 0) & 15) & 0x7f_ff_ff_ff
    return String(number % 10 ** digits).padStart(digits, '0')
  }
}

/** Base32 (RFC 4648 §6) without padding, in groups or without. */
function bytesOf(secret: string): Uint8Array {
  const digits = Array.from(secret.replaceAll(/[\s=-]/g, '').toUpperCase(), (digit) => ALPHABET.indexOf(digit))
  if (digits.length === 0 || digits.includes(-1)) throw new Error('The setup key is no base32')
  const bits = digits.map((digit) => digit.toString(2).padStart(5, '0')).join('')
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
}

/** A code must still be valid when the request arrives. In milliseconds. */
const MARGIN = 2000

/** An authenticator app that yields each code once. The server accepts those of the step before and after too. */
export class Codes {
  readonly #authenticator: Authenticator
  #lastStep = 0
  /** Those who ask at once get their codes in turn. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator
  }

  /** The same app, for a copy of the database. */
  copied(): Codes {
    const copy = new Codes(this.#authenticator)
    copy.#lastStep = this.#lastStep
    return copy
  }

  /** The oldest valid code that was not used yet. Where none is left, it waits until one is: by `wait`, until enough time has passed. */
  fresh(clock: { now(): number }, wait: () => Promise<unknown> = () => sleep(100)): Promise<string> {
    const code = this.#turn.then(() => this.#next(clock, wait))
    this.#turn = code.catch(() => undefined)
    return code
  }

  async #next(clock: { now(): number }, wait: () => Promise<unknown>): Promise<string> {
    const app = this.#authenticator
    let now = clock.now()
    const step = Math.max(this.#lastStep + 1, app.step(now + MARGIN) - 1)
    for (; step > app.step(now) + 1; now = clock.now()) await wait()
    this.#lastStep = step
    return app.code(now, step - app.step(now))
  }
}
