// The rules of self-registration: which emails may register, and how long each state lasts.
//
//   requested ──┬──►  ended      the user exists (registration = open)
//   (link)      └──►  waiting  ──┬──►  ended      approved or declined
//   known                        └──►  deleted    undecided for WAITING_LIFETIME
//   (no link)
import { domainToASCII } from 'node:url'

import type { GivenValues } from '#domain/attributes/attribute-value.ts'
import { fieldErrorsInNewEmail, type User } from '#domain/users/user.ts'
import { foldName } from '#foundation/kernel/fold.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/** A registration that waits for an admin. */
export interface WaitingRegistration {
  readonly id: string
  readonly email: string
  readonly username: string
  readonly fullName: string | null
  readonly hashedPassword: Secret
  readonly locale: string | null
  readonly timeZone: string | null
  /** The answers to the attributes that are asked at joining. */
  readonly attributes: GivenValues
  readonly submittedAt: Instant
  readonly expiresAt: Instant
}

/**
 * Whether the user comes from a registration that an admin approved: the email was confirmed when it was submitted, before the account
 * existed, and the account was created with its password. False once either was changed. An imported row can have an email that was verified
 * long before, but its password was not set at the instant of the import.
 */
export function wasApproved({
  emailVerifiedAt,
  createdAt,
  passwordChangedAt,
}: Pick<User, 'emailVerifiedAt' | 'createdAt' | 'passwordChangedAt'>): boolean {
  if (emailVerifiedAt === null || createdAt === null) return false
  return emailVerifiedAt < createdAt && passwordChangedAt === createdAt
}

/**
 * Returns the errors of an email that asks for an account, at `/email`: malformed, routed elsewhere, or of a domain that is not allowed.
 * They depend on the text and the settings only, so they reveal no user.
 * @param domains the allowed ones; empty for all
 */
export function fieldErrorsInRegistration(email: string, domains: readonly string[]): FieldError[] {
  const wrong = fieldErrorsInNewEmail(email)
  if (wrong.length > 0) return wrong
  const domain = domainOf(email)
  if (domain === undefined) return [{ pointer: '/email', code: 'user.email_malformed' }]
  if (domains.length === 0 || domains.some((allowed) => domainToASCII(allowed) === domain)) return []
  return [{ pointer: '/email', code: 'registration.domain_not_allowed', facts: { domains: domains.join(', ') } }]
}

/** Other characters would end a host name in the parser below (`?`, `#`) or be decoded by it (`%`). */
const HOST_NAME = /^[\p{L}\p{N}\p{M}.-]+$/u

/**
 * Returns the domain of an email in its ASCII form (RFC 5891), in lower case; undefined if it is none. A domain that Unicode
 * normalization (NFKC) changes is refused: a mail server could read it as another one than the list of allowed domains does.
 */
export function domainOf(email: string): string | undefined {
  const typed = email.slice(email.lastIndexOf('@') + 1)
  const composed = typed.normalize('NFC')
  if (!HOST_NAME.test(composed) || composed.normalize('NFKC') !== composed) return undefined
  const ascii = domainToASCII(composed)
  return ascii === '' || ascii.endsWith('.') ? undefined : ascii
}

/** Returns the key by which mails to one mailbox are counted: the folded email without its subaddress (RFC 5233), `+` and what follows. */
export function limitKeyOf(email: string): string {
  const folded = foldName(email)
  const at = folded.lastIndexOf('@')
  const local = folded.slice(0, at)
  return `${local.replace(/(?<=.)\+.*$/u, '')}@${domainOf(folded) ?? folded.slice(at + 1)}`
}
