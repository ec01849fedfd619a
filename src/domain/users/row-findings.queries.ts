import { sql } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'
import { mayMixLetters } from '#foundation/platform/database/keyless.ts'
import { ROLE_PERMISSIONS } from '#foundation/platform/database/user-columns.ts'
import { IS_DOUBTFUL, IS_ROUTED, IS_UNREADABLE, UNREADABLE } from '#foundation/platform/database/user-oddities.ts'

export type DoubtfulRow = Awaited<ReturnType<typeof doubtfulRows>>[number]

/** Returns rows that may be ill-formed: all that SQL can recognize as such, and perhaps some that are not. */
export function doubtfulRows(db: Database, limit: number) {
  return db
    .selectFrom('users')
    .select(['id', 'username', 'username_key as usernameKey', 'email', 'email_key as emailKey', 'role'])
    .select(['completed_at as completedAt', ROLE_PERMISSIONS])
    .where(sql.raw<boolean>(IS_DOUBTFUL))
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** Returns all rows whose username mixes Latin, Greek and Cyrillic letters, and perhaps some whose username does not. */
export function mixedLetterRows(db: Database, limit: number) {
  const rows = db.selectFrom('users').select(['id', 'username']).where(mayMixLetters(db.dialect))
  return rows.orderBy('id').limit(limit).execute()
}

/** Returns rows with an email that mail servers route elsewhere: stored before such emails were refused, or by another program. */
export function routedRows(db: Database, limit: number) {
  const rows = db.selectFrom('users').select('id').where(sql.raw<boolean>(IS_ROUTED))
  return rows.orderBy('id').limit(limit).execute()
}

/** Returns rows with an invalid value, and the names of the columns in question, separated by spaces. */
export function unreadableRows(db: Database, limit: number) {
  const names = UNREADABLE.map(
    ({ column, isSo }) => sql`case when ${sql.raw(isSo)} then ${sql.lit(`${column} `)} else '' end`,
  )
  return db
    .selectFrom('users')
    .select(['id', sql<string>`trim(${sql.join(names, sql` || `)})`.as('columns')])
    .where(sql.raw<boolean>(IS_UNREADABLE))
    .orderBy('id')
    .limit(limit)
    .execute()
}
