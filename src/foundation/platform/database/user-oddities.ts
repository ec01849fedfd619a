// Conditions for rows of `users` that this program would not have written, in SQL of both databases. The indexes of migration 8 contain
// them, so that the health page reads only those rows; a change needs a new migration.
import { BUILT_IN_ROLES } from '#foundation/kernel/principal.ts'
import { LAST_INSTANT } from '#foundation/kernel/time.ts'
import { IMPORTED_HASHES } from './user-cells.ts'

/** Rows that may be ill-formed. The condition matches all ill-formed rows that SQL can recognize, and perhaps some others. */
export const IS_DOUBTFUL = `((username_key is null and completed_at is not null)
  or ((username_key is not null or completed_at is not null) and email is not null and email <> '' and email_key is null)
  or role not in (${BUILT_IN_ROLES.map((role) => `'${role}'`).join(', ')})
  or (email not like '%_@_%._%' and email not like '%_@localhost')
  or email like '%@%@%'
  or email like '% %')`

/** Rows whose email holds a route, as `isRouted` says. The folded key finds full-width forms. The index of migration 23 contains it. */
export const IS_ROUTED = `(${['email', 'email_key'].map(hasRoute).join(' or ')})`

function hasRoute(column: string): string {
  return `${column} like '%!%' or ${column} like '%~%%' escape '~'`
}

const TEXTS = ['username', 'email', 'full_name', 'otp_secret', 'role']
const NUMBERS = [
  'email_verified_at',
  'created_at',
  'invited_at',
  'second_factor_at',
  'last_sign_in_at',
  'password_changed_at',
  'password_change_asked_at',
  'credential_epoch',
  'revision',
]

/** Invalid values by column: of another type than the column's (SQLite stores any), a number that is no instant, a hash of unknown scheme. */
export const UNREADABLE: readonly { readonly column: string; readonly isSo: string }[] = [
  ...TEXTS.map((column) => ({ column, isSo: isBlob(column) })),
  ...NUMBERS.map((column) => ({ column, isSo: isNotInstant(column) })),
  { column: 'hashed_password', isSo: isUnknownHash() },
]

export const IS_UNREADABLE = `(${UNREADABLE.map(({ isSo }) => isSo).join(' or ')})`

/** In SQLite a text never equals a blob, not even one with the same bytes. */
function isBlob(column: string): string {
  return `(cast(${column} as text) <> ${column})`
}

/** SQLite orders texts and blobs after every number. */
function isNotInstant(column: string): string {
  return `(${column} not between ${-LAST_INSTANT} and ${LAST_INSTANT})`
}

function isUnknownHash(): string {
  const isImported = IMPORTED_HASHES.map((pattern) => `hashed_password like '${pattern}'`).join(' or ')
  const isOther = `hashed_password <> '' and hashed_password not like '$argon2id$%' and not (${isImported})`
  return `(${isBlob('hashed_password')} or (${isOther}))`
}
