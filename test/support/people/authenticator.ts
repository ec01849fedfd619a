import { fromBase32 } from '../../../src/domain/factors/totp/base32.ts'
import { DEFAULT_PARAMETERS, totpCode, totpStep } from '../../../src/domain/factors/totp/totp.ts'
import type { TotpParameters } from '../../../src/domain/factors/totp/totp.ts'
import type { Instant } from '../../../src/foundation/kernel/time.ts'

/** The app on somebody's phone. */
export class Authenticator {
  readonly #secret: Uint8Array
  readonly #parameters: TotpParameters

  /** `secret` in base32, as typed or scanned. */
  constructor(secret: string, parameters: Partial<TotpParameters> = {}) {
    this.#parameters = { ...DEFAULT_PARAMETERS, ...parameters }
    const bytes = fromBase32(secret)
    if (bytes === undefined) throw new Error('The setup key is no base32')
    this.#secret = bytes
  }

  /** What it shows at that moment, or a number of steps away from it. */
  code(now: Instant, offset = 0): string {
    return totpCode(this.#secret, totpStep(now, this.#parameters) + offset, this.#parameters)
  }
}
