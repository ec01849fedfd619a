// Code secrets as people type them into a row, or as another program left them there.
import { fromBase32 } from './base32.ts'
import { DEFAULT_PARAMETERS, TOTP_ALGORITHMS } from './totp.ts'
import type { TotpAlgorithm, TotpParameters } from './totp.ts'

export interface ImportedSecret {
  readonly secret: Uint8Array
  readonly parameters: TotpParameters
}

/** How long a code may be; apps that count in seven digits are not known. */
const DIGITS = [6, 8] as const

/**
 * What a plain text says of an app: a setup key in base32, or a key URI as apps and servers export it
 * (https://github.com/google/google-authenticator/wiki/Key-Uri-Format), whose label and issuer are left aside. Undefined
 * where it says nothing that a code could be checked by: counters instead of time, an algorithm beyond those of RFC 6238,
 * another length, a period other than the 30 s that every page and answer speaks of, or a parameter given twice.
 */
export function readImportedSecret(text: string): ImportedSecret | undefined {
  const typed = text.trim()
  if (/^otpauth:/i.test(typed)) return readKeyUri(URL.parse(typed))
  const secret = fromBase32(typed)
  return secret && { secret, parameters: DEFAULT_PARAMETERS }
}

function readKeyUri(uri: URL | null): ImportedSecret | undefined {
  if (uri?.host.toLowerCase() !== 'totp') return undefined
  const given = new Map(uri.searchParams)
  if (given.size !== uri.searchParams.size) return undefined
  const secret = fromBase32(given.get('secret') ?? '')
  const algorithm = algorithmNamed(given.get('algorithm') ?? DEFAULT_PARAMETERS.algorithm)
  const digits = DIGITS.find((count) => String(count) === (given.get('digits') ?? String(DEFAULT_PARAMETERS.digits)))
  const { period } = DEFAULT_PARAMETERS
  const isInStep = (given.get('period') ?? String(period)) === String(period)
  if (secret === undefined || algorithm === undefined || digits === undefined || !isInStep) return undefined
  return { secret, parameters: { algorithm, digits, period } }
}

/** Written `SHA-256` by some. */
function algorithmNamed(name: string): TotpAlgorithm | undefined {
  return TOTP_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase().replace('-', ''))
}
