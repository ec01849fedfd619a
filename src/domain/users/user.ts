// What a user is, what their fields may hold, and what they may do.
import { ROLES } from '../../foundation/kernel/principal.ts'
import type { PrincipalUser, Role } from '../../foundation/kernel/principal.ts'
import type { FieldError } from '../../foundation/kernel/field-error.ts'
import { foldName } from '../../foundation/kernel/fold.ts'
import { isPlainName } from '../../foundation/kernel/given-name.ts'
import type { Secret } from '../../foundation/kernel/secret.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { mixesScripts } from './mixed-scripts.ts'

export { foldName } from '../../foundation/kernel/fold.ts'

export interface User extends PrincipalUser {
  /** NULL for somebody who never set a password; such a user matches none. */
  readonly hashedPassword: Secret | null
  readonly passwordChangedAt: Instant | null
  /** The row lacks its key or still holds a plain code secret: it was typed in by hand and not seen yet. */
  readonly insertedExternally: boolean
}

export const USER_STATUSES = ['active', 'invited', 'disabled', 'no-factor'] as const
export type UserStatus = (typeof USER_STATUSES)[number]

const USERNAME_MAXIMUM = 64
const EMAIL_MAXIMUM = 254
const FULL_NAME_MAXIMUM = 200

// Spaces, letters and signs that show as nothing though Unicode calls them none of the below: Ogham space, Braille blank,
// hieroglyph blanks, Khitan filler, null notehead.
const BLANK = '\u1680\u2800\u{13441}\u{13442}\u{16FE4}\u{1D159}'
// Control characters, lone surrogates, line separators, and whatever shows as nothing or turns the writing around.
// U+FFFD is what unreadable bytes become, so it names nobody.
const UNPRINTABLE = new RegExp(
  `[${BLANK}\\uFFFD\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]`,
  'u',
)
/** A page shows two spaces as one. */
const SPACES = /\p{Zs}{2}/u
const ADDRESS = /^[^\s@<>()[\]\\,;:"]+@(?:localhost|[^\s@<>()[\]\\,;:".]+(?:\.[^\s@<>()[\]\\,;:".]+)+)$/u

/** What is wrong with a new username; at most one fault, at `/username`. Lengths count code points. */
export function faultsInUsername(username: string): FieldError[] {
  const pointer = '/username'
  if (username.trim() === '') return [{ pointer, code: 'user.username_empty' }]
  if (lengthOf(username) > USERNAME_MAXIMUM) {
    return [{ pointer, code: 'user.username_too_long', facts: { maximum: USERNAME_MAXIMUM } }]
  }
  // A name with an @ could be somebody else's address; look-alikes of @ become one when folded.
  const isSpaced = username === username.trim() && !SPACES.test(username)
  const plain = isSpaced && !UNPRINTABLE.test(username) && !foldName(username).includes('@')
  if (!plain) return [{ pointer, code: 'user.username_characters' }]
  return mixesScripts(username) ? [{ pointer, code: 'user.username_mixed_scripts' }] : []
}

/** What is wrong with an email address, by one practical rule rather than the whole of RFC 5322; at `/email`. */
export function faultsInEmail(email: string): FieldError[] {
  const pointer = '/email'
  if (lengthOf(email) > EMAIL_MAXIMUM) {
    return [{ pointer, code: 'user.email_too_long', facts: { maximum: EMAIL_MAXIMUM } }]
  }
  const plain = ADDRESS.test(email) && !UNPRINTABLE.test(email) && ADDRESS.test(foldName(email))
  return plain ? [] : [{ pointer, code: 'user.email_malformed' }]
}

/** What is wrong with a full name; it may be empty. At `/full_name`. */
export function faultsInFullName(fullName: string): FieldError[] {
  const pointer = '/full_name'
  if (lengthOf(fullName) > FULL_NAME_MAXIMUM) {
    return [{ pointer, code: 'user.full_name_too_long', facts: { maximum: FULL_NAME_MAXIMUM } }]
  }
  return isPlainName(fullName) ? [] : [{ pointer, code: 'user.full_name_characters' }]
}

/** The role a stored text stands for. One we do not know gives no rights: it counts as `user`. */
export function roleOf(text: unknown): Role {
  return ROLES.find((role) => role === text) ?? 'user'
}

/** NULL, 0, '0' and 'false' mean active; whatever else somebody typed into the column means disabled. */
export function isDisabled(value: unknown): boolean {
  if (value === null || value === undefined) return false
  return value !== 0 && value !== false && value !== '0' && value !== 'false'
}

export function statusOf(user: PrincipalUser): UserStatus {
  if (user.disabled) return 'disabled'
  if (user.secondFactorAt !== null) return 'active'
  return user.invitedAt === null ? 'no-factor' : 'invited'
}

function lengthOf(text: string): number {
  return Array.from(text.normalize('NFC')).length
}

/**
 * Whether a number can be a user's id at all. SQLite gives whoever types in a row any integer they want, 0 and negative ones
 * too, and goes on from the largest; the table refuses those that are not safe.
 */
export function isUserId(value: number): boolean {
  return Number.isSafeInteger(value)
}

/** The id that a text is, as we write it; undefined for every other text. */
export function userIdIn(text: string): number | undefined {
  const id = Number(text)
  return isUserId(id) && String(id) === text ? id : undefined
}

/** What events name a user by. */
export interface UserSummary {
  readonly subject: string
  readonly id: number
  readonly username: string
}
