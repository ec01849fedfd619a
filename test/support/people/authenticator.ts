import { fromBase32 } from '#domain/factors/totp/base32.ts'
import { DEFAULT_PARAMETERS, totpCode, type TotpParameters, totpStep } from '#domain/factors/totp/totp.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** An authenticator app with one key. */
export class Authenticator {
  readonly #secret: Uint8Array
  readonly #parameters: TotpParameters

  /** `secret` is the setup key in base32. Throws where it is not valid base32. */
  constructor(secret: string, parameters: Partial<TotpParameters> = {}) {
    this.#parameters = { ...DEFAULT_PARAMETERS, ...parameters }
    const bytes = fromBase32(secret)
    if (bytes === undefined) throw new Error('The setup key is no base32')
    this.#secret = bytes
  }

  /** The code at that instant, or `offset` steps away from it. */
  code(now: Instant, offset = 0): string {
    return totpCode(this.#secret, totpStep(now, this.#parameters) + offset, this.#parameters)
  }
}
