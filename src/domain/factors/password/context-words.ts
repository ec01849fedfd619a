// The words an attacker tries first because they know whom they attack, and where.
import { foldName } from '../../../foundation/kernel/fold.ts'

/** Whom a password is for; what of it is not decided yet is null. */
export interface AboutUser {
  readonly username: string
  readonly email: string | null
  readonly fullName: string | null
}

/** Where it is for. */
export interface AboutSite {
  readonly instanceName: string
  /** An origin such as `https://id.example.org`. */
  readonly publicUrl: string
}

/** Whatever the site is called, it is known what it runs. */
const PRODUCT = 'Doorward'

/** Username, address and what stands before its @, the full name, each of its names, and the other way round. */
export function wordsOfUser({ username, email, fullName }: AboutUser): string[] {
  const names = fullName?.split(/\s+/) ?? []
  return [username, email ?? '', email?.split('@')[0] ?? '', ...names, names.join(''), names.toReversed().join('')]
}

/** The site's name, the product's, and its host with and without what stands before each dot. */
export function wordsOfSite({ instanceName, publicUrl }: AboutSite): string[] {
  const labels = new URL(publicUrl).hostname.split('.')
  const endings = labels.map((_, index) => labels.slice(index).join('.'))
  return [instanceName, PRODUCT, ...labels, ...endings]
}

/**
 * Whether a password is one of these words and nothing else: upper and lower case, spaces, hyphens, dots and underscores
 * do not count, nor do digits and punctuation before and after. A longer phrase that holds one is fine
 * (ASVS 6.2.11, NIST SP 800-63B-4 §3.1.1.2).
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
