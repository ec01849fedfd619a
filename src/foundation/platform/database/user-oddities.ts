// Which rows of `users` this program would not have written, in SQL that both engines read alike. Migration 8 has both conditions in
// indexes, so that the check-up reads just those rows: a change here needs a new migration.
import { ROLES } from '../../kernel/principal.ts'
import { LAST_INSTANT } from '../../kernel/time.ts'
import { IMPORTED_HASHES } from './user-cells.ts'

/** Rows that may be ill-formed: all that are, as far as SQL can tell, and perhaps some that are not. */
export const IS_DOUBTFUL = `((username_key is null and completed_at is not null)
  or ((username_key is not null or completed_at is not null) and email is not null and email <> '' and email_key is null)
  or role not in (${ROLES.map((role) => `'${role}'`).join(', ')})
  or (email not like '%_@_%._%' and email not like '%_@localhost')
  or email like '%@%@%'
  or email like '% %')`

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

/**
 * Invalid values, column by column: a value of another type than its column's, which SQLite keeps as it was inserted, a number
 * outside the range of moments, or a hash of an unknown scheme.
 */
export const UNREADABLE: readonly { readonly column: string; readonly isSo: string }[] = [
  ...TEXTS.map((column) => ({ column, isSo: isBytes(column) })),
  ...NUMBERS.map((column) => ({ column, isSo: isNoNumber(column) })),
  { column: 'hashed_password', isSo: isNoHash() },
]

export const IS_UNREADABLE = `(${UNREADABLE.map(({ isSo }) => isSo).join(' or ')})`

/** No text equals bytes, not even the one they would be. */
function isBytes(column: string): string {
  return `(cast(${column} as text) <> ${column})`
}

/** SQLite orders texts and bytes after every number. */
function isNoNumber(column: string): string {
  return `(${column} not between ${-LAST_INSTANT} and ${LAST_INSTANT})`
}

function isNoHash(): string {
  const isImported = IMPORTED_HASHES.map((pattern) => `hashed_password like '${pattern}'`).join(' or ')
  const isOther = `hashed_password <> '' and hashed_password not like '$argon2id$%' and not (${isImported})`
  return `(${isBytes('hashed_password')} or (${isOther}))`
}
