import { sql } from 'kysely'
import type { RawBuilder, SqlBool } from 'kysely'

import type { Dialect } from './dialect.ts'

/** Code points of the common letters of Latin, Greek and Cyrillic. */
const LETTERS = [['A-Z', 'a-z', '\u00C0-\u024F'], ['\u0370-\u03FF', '\u1F00-\u1FFF'], ['\u0400-\u052F']] as const

/**
 * An approximation in SQL of whether a username mixes Latin, Greek and Cyrillic letters; the rule itself is `mixesScripts`. It is the
 * condition of the index `users_mixed_letters`, so a change needs a migration.
 */
export function mayMixLetters(dialect: Dialect): RawBuilder<SqlBool> {
  const [latin, greek, cyrillic] = LETTERS.map((ranges) => containsOneOf(dialect, ranges))
  return sql<SqlBool>`((${latin} and (${greek} or ${cyrillic})) or (${greek} and ${cyrillic}))`
}

function containsOneOf(dialect: Dialect, ranges: readonly string[]): RawBuilder<SqlBool> {
  const letters = ranges.join('')
  if (dialect === 'sqlite') return sql`username glob ${sql.lit(`*[${letters}]*`)}`
  // The letters are escaped, so that the statement can be sent to a database of any encoding.
  const escaped = letters.replaceAll(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return sql`username ~ ${sql.lit(`[${escaped}]`)}`
}
