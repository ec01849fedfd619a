// Plaintext TOTP secrets of externally inserted rows and of legacy databases: reads the forms that they have.
import { IMPORTED_TOTP_DIGITS } from '#foundation/kernel/stated-limits.ts'
import { fromBase32 } from './base32.ts'
import { DEFAULT_PARAMETERS, TOTP_ALGORITHMS, type TotpAlgorithm, type TotpParameters } from './totp.ts'

export interface ImportedSecret {
  readonly secret: Uint8Array
  readonly parameters: TotpParameters
}

/**
 * Returns the secret and the parameters of a plaintext: a setup key in base32, or a key URI as apps and servers export it
 * (https://github.com/google/google-authenticator/wiki/Key-Uri-Format), whose label and issuer are ignored. Undefined if no code can be
 * verified by it: for HOTP counters, an algorithm that RFC 6238 does not name, another length, a period other than 30 s, which all pages
 * and answers assume, or a parameter that occurs twice.
 */
export function readImportedSecret(text: string): ImportedSecret | undefined {
  const trimmed = text.trim()
  if (/^otpauth:/i.test(trimmed)) return readKeyUri(URL.parse(trimmed))
  const secret = fromBase32(trimmed)
  return secret && { secret, parameters: DEFAULT_PARAMETERS }
}

function readKeyUri(uri: URL | null): ImportedSecret | undefined {
  if (uri?.host.toLowerCase() !== 'totp') return undefined
  const given = new Map(uri.searchParams)
  if (given.size !== uri.searchParams.size) return undefined
  const secret = fromBase32(given.get('secret') ?? '')
  const algorithm = algorithmNamed(given.get('algorithm') ?? DEFAULT_PARAMETERS.algorithm)
  const digits = IMPORTED_TOTP_DIGITS.find(
    (count) => String(count) === (given.get('digits') ?? String(DEFAULT_PARAMETERS.digits)),
  )
  const { period } = DEFAULT_PARAMETERS
  const isUsualPeriod = (given.get('period') ?? String(period)) === String(period)
  if (secret === undefined || algorithm === undefined || digits === undefined || !isUsualPeriod) return undefined
  return { secret, parameters: { algorithm, digits, period } }
}

/** Some programs write `SHA-256` with a hyphen. */
function algorithmNamed(name: string): TotpAlgorithm | undefined {
  return TOTP_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase().replace('-', ''))
}
