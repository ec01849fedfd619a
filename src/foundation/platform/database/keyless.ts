// Rows of users without a key, which only their exact spelling finds: conditions of the indexes of migration 0005.
import { sql } from 'kysely'
import type { RawBuilder, SqlBool } from 'kysely'

import type { Dialect } from './dialect.ts'

/**
 * Whether a row has no key in this column. SQLite would answer `is null` by the unique index of the column, which reads every
 * such row; this expression fits the partial indexes only.
 */
export function isKeyless(column: 'username_key' | 'email_key'): RawBuilder<SqlBool> {
  return sql<SqlBool>`coalesce(${sql.ref(column)}, '') = ''`
}

/**
 * A column to be compared with `asciiLower` without regard to the case of ASCII letters. On SQLite this is a built-in
 * collation and not `lower()`: programs with ICU replace that function, so that rows they insert would damage an index. On
 * PostgreSQL the column has the collation "C", in which `lower()` changes ASCII letters only.
 */
export function ignoringCase(dialect: Dialect, column: 'username' | 'email'): RawBuilder<string> {
  return dialect === 'sqlite' ? sql`${sql.ref(column)} collate nocase` : sql`lower(${sql.ref(column)})`
}

/** The text with the letters A to Z in lower case, as `ignoringCase` compares it. */
export function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
