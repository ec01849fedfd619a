import type { Fault } from '../../kernel/fault.ts'
import { COMMON_PASSWORDS } from './common-passwords.ts'

export interface PasswordPolicy {
  /** Characters, counted as Unicode code points (NIST SP 800-63B-4 §3.1.1.2). */
  readonly minimum: number
  readonly maximum: number
}

/** What a password must not simply repeat. */
export interface AboutUser {
  readonly username: string
  readonly email: string | null
  readonly instanceName: string
}

const CONTROL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u

/**
 * What is wrong with a new password: too short or long, characters no keyboard can be relied on for, one of the first
 * anyone would try, or just the person's own name. No composition rules (NIST SP 800-63B-4 §3.1.1.2). The whole
 * password is compared, never a part of it.
 */
export function faultsInPassword(password: string, about: AboutUser, policy: PasswordPolicy): Fault[] {
  const fault = firstFault(password.normalize('NFC'), about, policy)
  return fault === undefined ? [] : [{ pointer: '/password', ...fault }]
}

function firstFault(password: string, about: AboutUser, policy: PasswordPolicy): Omit<Fault, 'pointer'> | undefined {
  const { length } = Array.from(password)
  if (length < policy.minimum) return { code: 'password.too_short', facts: { minimum: policy.minimum } }
  if (length > policy.maximum) return { code: 'password.too_long', facts: { maximum: policy.maximum } }
  if (CONTROL.test(password)) return { code: 'password.characters' }
  const plain = fold(password)
  if (namesOf(about).includes(plain)) return { code: 'password.own_name' }
  return COMMON_PASSWORDS.has(plain) || isOneCharacter(plain) ? { code: 'password.common' } : undefined
}

function namesOf({ username, email, instanceName }: AboutUser): string[] {
  return [username, email ?? '', email?.split('@')[0] ?? '', instanceName].filter((name) => name !== '').map(fold)
}

function isOneCharacter(text: string): boolean {
  return new Set(text).size === 1
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}
