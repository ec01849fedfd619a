import { sql, type SqlBool } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import { userFromRow } from './user-row.ts'
import type { User } from './user.ts'

/** The condition of the index `users_expiry_due`, word for word, so that the planner uses it. */
const HAS_NOTICES_LEFT = sql<SqlBool>`(expiry_notice is null or expiry_notice < 3)`

/** The last user of a batch. */
export interface ExpiryPosition {
  readonly end: Instant
  readonly id: number
}

export interface DueNotices {
  readonly stage: number
  /** The users whose account ends after `from`, and at `until` at the latest. */
  readonly from: Instant
  readonly until: Instant
  readonly after: ExpiryPosition | null
  readonly limit: number
}

/** Returns users to whom the notice of this stage is due, in the order in which they expire. */
export async function selectDueNotices(
  db: Database,
  { stage, from, until, after, limit }: DueNotices,
): Promise<User[]> {
  const rows = await db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('expires_at', 'is not', null)
    .where(HAS_NOTICES_LEFT)
    .where('expires_at', '>', from)
    .where('expires_at', '<=', until)
    .where((eb) => eb.or([eb('expiry_notice', 'is', null), eb('expiry_notice', '<', stage)]))
    .$if(after !== null, (query) =>
      query.where(sql<SqlBool>`(expires_at, id) > (${after?.end ?? 0}, cast(${after?.id ?? 0} as bigint))`),
    )
    .orderBy('expires_at')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(userFromRow)
}

/**
 * Stores that the notice of a stage is given; false if another node has stored it, or if the end was changed since. Does not raise the
 * revision, so that a parallel change of the user does not become stale.
 */
export function markNotice(
  db: Database,
  { id, end, stage }: { readonly id: number; readonly end: Instant; readonly stage: number },
): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('users')
      .set({ expiry_notice: stage })
      .where('id', '=', id)
      .where('expires_at', '=', end)
      .where((eb) => eb.or([eb('expiry_notice', 'is', null), eb('expiry_notice', '<', stage)])),
  )
}

/** Returns a user whose account has ended, if the notice of its end was not given yet. */
export async function selectEndUnnoticed(db: Database, subject: string, now: Instant): Promise<User | undefined> {
  const row = await db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('subject', '=', subject)
    .where('expires_at', '<=', now)
    .where(HAS_NOTICES_LEFT)
    .executeTakeFirst()
  return row && userFromRow(row)
}
