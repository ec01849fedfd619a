import { sql } from 'kysely'

import { ROLES } from '../kernel/caller.ts'
import type { Database } from '../platform/database/schema.ts'

export interface DoubtfulRow {
  readonly id: number
  readonly username: string | null
  readonly usernameKey: string | null
  readonly email: string | null
  readonly emailKey: string | null
  readonly role: string | null
}

/** Rows that may be ill-formed: all that are, as far as SQL can tell, and perhaps some that are not. */
export function doubtfulRows(db: Database, limit: number): Promise<DoubtfulRow[]> {
  return db
    .selectFrom('users')
    .select(['id', 'username', 'username_key as usernameKey', 'email', 'email_key as emailKey', 'role'])
    .where((eb) =>
      eb.or([
        eb('username_key', 'is', null),
        eb.and([eb('email', 'is not', null), eb('email', '!=', ''), eb('email_key', 'is', null)]),
        eb('role', 'not in', ROLES),
        // An address without a dot in its domain, with two @ or with a space.
        sql<boolean>`(email not like '%_@_%._%' and email not like '%_@localhost')`,
        eb('email', 'like', '%@%@%'),
        eb('email', 'like', '% %'),
      ]),
    )
    .orderBy('id')
    .limit(limit)
    .execute()
}
