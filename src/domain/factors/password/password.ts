import type { FieldError } from '../../../foundation/kernel/refusal.ts'
import { foldName } from '../../../foundation/kernel/fold.ts'
import { isOneOf, wordsOfSite, wordsOfUser } from './context-words.ts'
import type { AboutSite, AboutUser } from './context-words.ts'
import { isPredictablePattern } from './predictable-patterns.ts'

export type { AboutUser } from './context-words.ts'

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
export function faultInPassword(typed: string, standard: PasswordStandard): Omit<FieldError, 'pointer'> | undefined {
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
