// SQL conditions for rows of users without a folded key; the indexes of migration 0005 have the same conditions.
import { sql } from 'kysely'
import type { RawBuilder, SqlBool } from 'kysely'

import type { Dialect } from './dialect.ts'

/**
 * Whether a row has no key in this column. For `is null`, SQLite would use the unique index of the column and read every such row; this
 * expression matches the partial indexes only.
 */
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
