// The form of a recovery code: sixteen symbols in groups of four, from an alphabet without look-alikes.
import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CODES_IN_A_SET } from '#foundation/kernel/stated-limits.ts'

/** With this many codes or fewer, pages ask the user to generate a new set. */
export const FEW_CODES = 3

/** The path to which the form below new codes sends the confirmation that they were saved. */
export const SAVED_CODES = '/account/security/recovery-codes/saved'

/** Crockford's base32: five bits a symbol, without i, l, o and u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const SYMBOLS = 16
/**
 * The first symbols select the code among those of its user and are stored in plaintext, so that a guess costs one slow hash. The other
 * thirteen are the secret: 65 random bits (NIST SP 800-63B-4 §4.2.1.1 requires 64).
 */
const SELECTOR_SYMBOLS = 3
const GROUP = 4

export interface RecoveryCode {
  readonly selector: string
  readonly secret: Secret
}

/** Returns a set of codes with different selectors. */
export function newRecoveryCodes(random: RandomBytes): RecoveryCode[] {
  const codes = new Map<string, RecoveryCode>()
  while (codes.size < CODES_IN_A_SET) {
    // 256 is a multiple of 32, so that every symbol is equally likely.
    const symbols = Array.from(random(SYMBOLS), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('')
    const code = split(symbols)
    codes.set(code.selector, code)
  }
  return [...codes.values()]
}

/** Returns the form that users read and type. */
export function shownCode({ selector, secret }: RecoveryCode): Secret {
  const symbols = selector + secret.reveal()
  const starts = Array.from({ length: SYMBOLS / GROUP }, (_, index) => index * GROUP)
  return Secret.of(starts.map((start) => symbols.slice(start, start + GROUP)).join('-'))
}

/**
 * Returns the code of a typed text, in any case and width, with any spaces and hyphens; o is read as 0, i and l as 1. Undefined if the
 * text has not the form of a code.
 */
export function readRecoveryCode(typed: string): RecoveryCode | undefined {
  const symbols = typed
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
  const isCode = symbols.length === SYMBOLS && Array.from(symbols).every((symbol) => ALPHABET.includes(symbol))
  return isCode ? split(symbols) : undefined
}

function split(symbols: string): RecoveryCode {
  return { selector: symbols.slice(0, SELECTOR_SYMBOLS), secret: Secret.of(symbols.slice(SELECTOR_SYMBOLS)) }
}
