// Context-specific words (NIST SP 800-63B-4 §3.1.1.2), which an attacker who knows user and site guesses first.
import { foldName } from '../../../foundation/kernel/fold.ts'

/** The names of the user of a password; null if not known yet. */
export interface AboutUser {
  readonly username: string
  readonly email: string | null
  readonly fullName: string | null
}

/** The names of the site of a password. */
export interface AboutSite {
  readonly instanceName: string
  /** An origin such as `https://id.example.org`. */
  readonly publicUrl: string
}

/** The product's name, which an attacker knows under any name of the site. */
const PRODUCT = 'Doorward'

/** Returns username, email and its local part, the full name, each of its names, and the names in reverse order. */
export function wordsOfUser({ username, email, fullName }: AboutUser): string[] {
  const names = fullName?.split(/\s+/) ?? []
  return [username, email ?? '', email?.split('@')[0] ?? '', ...names, names.join(''), names.toReversed().join('')]
}

/** Returns the names of site and product, the labels of the host, and each of its parent domains. */
export function wordsOfSite({ instanceName, publicUrl }: AboutSite): string[] {
  const labels = new URL(publicUrl).hostname.split('.')
  const endings = labels.map((_, index) => labels.slice(index).join('.'))
  return [instanceName, PRODUCT, ...labels, ...endings]
}

/**
 * Whether a password is only one of these words. Case, spaces, hyphens, dots and underscores are ignored, and so are digits and
 * punctuation before and after. A longer phrase that contains a word is allowed (ASVS 6.2.11, NIST SP 800-63B-4 §3.1.1.2).
 */
export function isOneOf(password: string, words: readonly string[]): boolean {
  const whole = joined(password)
  const core = withoutEnds(whole)
  return words
    .map(joined)
    .some((word) => word !== '' && (whole === word || (core !== '' && core === withoutEnds(word))))
}

function joined(text: string): string {
  return foldName(text).replaceAll(/[\s\p{Pd}._]+/gu, '')
}

function withoutEnds(text: string): string {
  return text.replaceAll(/^[^\p{L}\p{M}]+|[^\p{L}\p{M}]+$/gu, '')
}
