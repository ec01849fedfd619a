// SQL conditions for rows of users whose folded keys are missing or whose names mix letters. The indexes of migration 5 have the same
// conditions, so a change needs a migration.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Dialect } from './dialect.ts'

/** Whether a row has no key. For `is null`, SQLite would use the unique index and read every such row; this matches the partial ones only. */
export function isKeyless(column: 'username_key' | 'email_key'): RawBuilder<SqlBool> {
  return sql<SqlBool>`coalesce(${sql.ref(column)}, '') = ''`
}

/**
 * A column for comparison with `asciiLower`, without regard to the case of ASCII letters. On SQLite this is a built-in collation and not
 * `lower()`, because programs with ICU replace that function, so that their inserts would corrupt an index. On PostgreSQL the column
 * has the collation "C", in which `lower()` changes ASCII letters only.
 */
export function ignoringCase(dialect: Dialect, column: 'username' | 'email'): RawBuilder<string> {
  return dialect === 'sqlite' ? sql`${sql.ref(column)} collate nocase` : sql`lower(${sql.ref(column)})`
}

/** The text with the letters A to Z in lower case, as `ignoringCase` compares it. */
export function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Code points of the common letters of Latin, Greek and Cyrillic. */
const LETTERS = ['A-Za-z\u00C0-\u024F', '\u0370-\u03FF\u1F00-\u1FFF', '\u0400-\u052F']

/** An approximation in SQL of whether a username mixes Latin, Greek and Cyrillic letters; the rule itself is `mixesScripts`. */
export function mayMixLetters(dialect: Dialect): RawBuilder<SqlBool> {
  const [latin, greek, cyrillic] = LETTERS.map((letters) => containsOneOf(dialect, letters))
  return sql<SqlBool>`((${latin} and (${greek} or ${cyrillic})) or (${greek} and ${cyrillic}))`
}

function containsOneOf(dialect: Dialect, letters: string): RawBuilder<SqlBool> {
  if (dialect === 'sqlite') return sql`username glob ${sql.lit(`*[${letters}]*`)}`
  // The letters are escaped, so that the statement can be sent to a database of any encoding.
  const escaped = letters.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return sql`username ~ ${sql.lit(`[${escaped}]`)}`
}
