import { foldName } from '#foundation/kernel/fold.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'

export interface PasswordPolicy {
  /** Characters, counted as Unicode code points (NIST SP 800-63B-4 §3.1.1.2). */
  readonly minimum: number
  readonly maximum: number
}

/** What a new password is checked against. */
export interface PasswordStandard {
  readonly policy: PasswordPolicy
  readonly user: AboutUser
  readonly site: AboutSite
  /** Common passwords, in lower case. */
  readonly common: ReadonlySet<string>
}

const CONTROL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u

/**
 * Returns the error of a new password: too short or too long, with control characters, lone surrogates or noncharacters, common,
 * predictable or context-specific. No composition rules (NIST SP 800-63B-4 §3.1.1.2). Nothing is trimmed or truncated, and the
 * whole password is compared, never a part of it.
 */
export function fieldErrorInPassword(
  typed: string,
  standard: PasswordStandard,
): Omit<FieldError, 'pointer'> | undefined {
  const { policy, user, site, common } = standard
  const password = typed.normalize('NFC')
  const { length } = Array.from(password)
  if (length < policy.minimum) return { code: 'password.too_short', facts: { minimum: policy.minimum } }
  if (length > policy.maximum) return { code: 'password.too_long', facts: { maximum: policy.maximum } }
  if (CONTROL.test(password)) return { code: 'password.characters' }
  if (isOneOf(password, wordsOfUser(user))) return { code: 'password.own_name' }
  if (isOneOf(password, wordsOfSite(site))) return { code: 'password.site_name' }
  const folded = foldName(password)
  if (common.has(folded) || common.has(password.toLowerCase())) return { code: 'password.common' }
  return isPredictablePattern(folded) ? { code: 'password.pattern' } : undefined
}

// Context-specific words (NIST SP 800-63B-4 §3.1.1.2), which an attacker who knows user and site guesses first.

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
  const core = coreOf(password)
  return words
    .map(joined)
    .some((word) => word !== '' && (whole === word || (core !== '' && core === withoutEnds(word))))
}

/** Returns the folded password without separators, and without digits and punctuation before and after. */
export function coreOf(password: string): string {
  return withoutEnds(joined(password))
}

function joined(text: string): string {
  return foldName(text).replaceAll(/[\s\p{Pd}._]+/gu, '')
}

function withoutEnds(text: string): string {
  return text.replaceAll(/^[^\p{L}\p{M}]+|[^\p{L}\p{M}]+$/gu, '')
}

// Predictable passwords: runs of neighbouring keys, letters or digits, and repetitions.

/** The alphabet, the digits, and the rows, columns and zigzags of English, German and French keyboards, in both directions. */
const LINES = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890123456789',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopüasdfghjklöäyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  '1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p',
  '1q2w3e4r5t6y7u8i9o0p',
].flatMap((line) => [line, Array.from(line).toReversed().join('')])
export const SHORTEST_RUN = 3
/** The longest repeated unit that is rejected; a repeated longer word is no weaker than the word. */
const LONGEST_UNIT = 4

/** Whether a folded password is made of runs only, such as `abcdefgh`, `12345678` or `qwertz123`, or repeats up to four characters. */
export function isPredictablePattern(text: string): boolean {
  return isRepeated(text) || isRuns(text)
}

function isRepeated(text: string): boolean {
  const characters = Array.from(text)
  const lengths = Array.from({ length: LONGEST_UNIT }, (_, index) => index + 1)
  return lengths.some((length) => {
    const isPeriod = characters.every((character, index) => character === characters[index % length])
    return characters.length >= 2 * length && isPeriod
  })
}

function isRuns(text: string): boolean {
  let rest = text
  while (rest !== '') {
    const length = runAtStart(rest)
    if (length < SHORTEST_RUN) return false
    rest = rest.slice(length)
  }
  return true
}

/** Returns how many code units at the start of the text are a part of one of the lines. */
export function runAtStart(text: string): number {
  let length = 0
  while (length < text.length && LINES.some((line) => line.includes(text.slice(0, length + 1)))) length += 1
  return length
}
