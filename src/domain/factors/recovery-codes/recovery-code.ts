// What a recovery code looks like: sixteen symbols in groups of four, of an alphabet without look-alikes.
import type { RandomBytes } from '../../../foundation/kernel/secret-token.ts'
import { Secret } from '../../../foundation/kernel/secret.ts'

/** A person has so many; each works once. */
export const CODES_IN_A_SET = 10
/** From so few on, the person is asked to make new ones. */
export const FEW_CODES = 3

/** Crockford's base32: five bits a symbol, without i, l, o and u. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const SYMBOLS = 16
/**
 * The first symbols find the code among its owner's and are stored as they are, so that a guess costs one slow hash; the
 * other thirteen are the secret, 65 random bits (NIST SP 800-63B-4 §4.2.1.1 asks for 64).
 */
const SELECTOR_SYMBOLS = 3
const GROUP = 4

export interface RecoveryCode {
  readonly selector: string
  readonly secret: Secret
}

/** A whole set, no two with the same selector. */
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

/** As people read and type it. */
export function shownCode({ selector, secret }: RecoveryCode): Secret {
  const symbols = selector + secret.reveal()
  const starts = Array.from({ length: SYMBOLS / GROUP }, (_, index) => index * GROUP)
  return Secret.of(starts.map((start) => symbols.slice(start, start + GROUP)).join('-'))
}

/**
 * What was typed, whatever its case, width, spaces and hyphens, with o read as 0 and i and l as 1; undefined where it
 * cannot be a code.
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
