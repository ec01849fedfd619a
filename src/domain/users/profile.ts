// The part of a user that they and admins may write, and what a change of it says in the audit log.
import type { FieldError } from '../../foundation/kernel/field-error.ts'
import type { PrincipalUser, Role } from '../../foundation/kernel/principal.ts'
import { faultsInEmail, faultsInFullName, faultsInUsername } from './user.ts'
import type { User } from './user.ts'

/** A field left out stays as it is. */
export interface ProfileChanges {
  readonly username?: string | undefined
  readonly email?: string | null | undefined
  readonly fullName?: string | null | undefined
  readonly locale?: string | null | undefined
  readonly timeZone?: string | null | undefined
  /** Admins only. */
  readonly role?: Role | undefined
}

export type Differing = { -readonly [Field in keyof ProfileChanges]: Exclude<ProfileChanges[Field], undefined> }

/** The wanted fields that are not so already: what somebody typed by hand stays legal as long as nobody touches it. */
export function differing(user: PrincipalUser, wanted: ProfileChanges): Differing {
  const changed = Object.entries(wanted).filter(
    ([field, value]) => value !== undefined && value !== user[field as keyof ProfileChanges],
  )
  return Object.fromEntries(changed)
}

/** What is wrong with the fields given. Language and time zone are names that `Intl` knows. */
export function faultsInProfile({ username, email, fullName, locale, timeZone }: ProfileChanges): FieldError[] {
  return [
    ...(username === undefined ? [] : faultsInUsername(username)),
    ...(typeof email === 'string' ? faultsInEmail(email) : []),
    ...(typeof fullName === 'string' ? faultsInFullName(fullName) : []),
    ...(typeof locale !== 'string' || isLocale(locale) ? [] : [formatFault('/locale', 'language tag')]),
    ...(typeof timeZone !== 'string' || isTimeZone(timeZone) ? [] : [formatFault('/time_zone', 'IANA time zone')]),
  ]
}

function formatFault(pointer: string, format: string): FieldError {
  return { pointer, code: 'field.format', facts: { format } }
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A rename is an event of its own, so that it can be looked for. */
export function changeEvent(before: User, after: User, changes: Differing) {
  const renamed = after.username !== before.username
  return {
    action: renamed ? 'user.renamed' : 'user.changed',
    target: before.subject,
    details: {
      username: after.username,
      ...(renamed && { before: before.username }),
      ...(changes.role !== undefined && { role: changes.role }),
      fields: Object.keys(changes).join(' '),
    },
  } as const
}
