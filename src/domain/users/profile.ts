// The fields that the user and admins may write, and the audit event of a change.
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { type Instant, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { fieldErrorsInFullName, fieldErrorsInNewEmail, fieldErrorsInUsername, type User } from './user.ts'

/** An omitted field stays unchanged. */
export interface ProfileChanges {
  readonly username?: string | undefined
  readonly email?: string | null | undefined
  readonly fullName?: string | null | undefined
  readonly locale?: string | null | undefined
  readonly timeZone?: string | null | undefined
  /** Admins only. */
  readonly role?: string | undefined
  /** Admins only: from this instant on the user cannot sign in. */
  readonly expiresAt?: Instant | null | undefined
}

export type Differing = { -readonly [Field in keyof ProfileChanges]: Exclude<ProfileChanges[Field], undefined> }

/** Returns the fields that differ from the stored ones, so that an externally inserted value is validated only when it changes. */
export function differing(user: PrincipalUser, wanted: ProfileChanges): Differing {
  const changed = Object.entries(wanted).filter(
    ([field, value]) => value !== undefined && value !== user[field as keyof ProfileChanges],
  )
  return Object.fromEntries(changed)
}

/** Returns the field errors of the given fields. Language and time zone must be names that `Intl` knows. */
export function fieldErrorsInProfile({ username, email, fullName, locale, timeZone }: ProfileChanges): FieldError[] {
  return [
    ...(username === undefined ? [] : fieldErrorsInUsername(username)),
    ...(typeof email === 'string' ? fieldErrorsInNewEmail(email) : []),
    ...(typeof fullName === 'string' ? fieldErrorsInFullName(fullName) : []),
    ...(typeof locale !== 'string' || isKnown(() => Intl.getCanonicalLocales(locale))
      ? []
      : [formatError('/locale', 'language tag')]),
    ...(typeof timeZone !== 'string' || isKnown(() => new Intl.DateTimeFormat('en', { timeZone }))
      ? []
      : [formatError('/time_zone', 'IANA time zone')]),
  ]
}

function formatError(pointer: string, format: string): FieldError {
  return { pointer, code: 'field.format', facts: { format } }
}

/** `Intl` throws for a name that it does not know. */
function isKnown(useName: () => unknown): boolean {
  try {
    useName()
    return true
  } catch {
    return false
  }
}

/** Returns the event of a change. A rename has an action of its own, so that the log can be filtered by it. */
export function changeEvent(before: User, after: User, changes: Differing) {
  const renamed = after.username !== before.username
  return {
    action: renamed ? 'user.renamed' : 'user.changed',
    target: before.subject,
    details: {
      username: after.username,
      ...(renamed && { before: before.username }),
      ...(changes.role !== undefined && { role: changes.role }),
      ...(changes.expiresAt !== undefined && { expires_at: toRfc3339OrNull(changes.expiresAt) }),
      fields: Object.keys(changes).join(' '),
    },
  } as const
}
