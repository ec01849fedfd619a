// The users with an admin's permissions: enabled, with a second factor, and an account that has not ended.
import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { hasRow } from '#foundation/platform/database/row-count.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import type { UserRow } from './user-row.ts'
import { isEnabled } from './user.queries.ts'

/** The end as a number: on SQLite an externally written value may be a text, which would be greater than every number. */
const END = sql<number>`cast(users.expires_at as bigint)`

/** Users with an admin's permissions whose account ends after this instant or never. */
function endsAfter(end: Instant): RawBuilder<SqlBool> {
  return sql<SqlBool>`(users.expires_at is null or ${END} > ${end})`
}

/** Selects the admins who are enabled and have a second factor. */
function enabledAdmins(db: Database) {
  return db.selectFrom('users').where('role', '=', 'admin').where('second_factor_at', 'is not', null).where(isEnabled)
}

/** Whether another acting admin ends later than this one; of two with the same end the one with the higher id counts as later. */
export function laterAdminExists(
  db: Database,
  { id, end }: { readonly id: number; readonly end: Instant },
): Promise<boolean> {
  return hasRow(
    enabledAdmins(db)
      .select('id')
      .where('id', '!=', id)
      .where((eb) => eb.or([endsAfter(end), eb.and([eb(END, '=', end), eb('id', '>', id)])])),
  )
}

/** Returns the id of the admin whose account has ended but who stays, because no other admin ends later; undefined if there is none. */
export async function selectKeptAdmin(db: Database, now: Instant): Promise<number | undefined> {
  // NULL is greater than every end, and the admin with the greatest end is the one who stays.
  const last = await enabledAdmins(db)
    .select('id')
    .select((eb) => eb.case().when(endsAfter(now)).then(1).else(0).end().as('open'))
    .orderBy(sql`case when users.expires_at is null then 1 else 0 end`, 'desc')
    .orderBy(END, 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.open === 0 ? last.id : undefined
}

/** Whether another user has an admin's permissions, enabled and with a second factor, and an account that ends after `after` or never. */
export function otherAdminExists(db: Database, id: number, after = 0): Promise<boolean> {
  return hasRow(enabledAdmins(db).select('id').where('id', '!=', id).where(endsAfter(after)))
}

/** Returns at most `most` users with one of these roles who may use its permissions, admins first and then in the order of their ids. */
export function selectActingHolders(
  db: Database,
  now: Instant,
  { roles, most }: { readonly roles: readonly string[]; readonly most: number },
): Promise<UserRow[]> {
  return db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('role', 'in', roles)
    .where('second_factor_at', 'is not', null)
    .where(isEnabled)
    .where(endsAfter(now))
    .orderBy(sql`case when role = 'admin' then 0 else 1 end`)
    .orderBy('id')
    .limit(most)
    .execute()
}

/** Returns the users with an admin's permissions, in the order of their ids. */
export function selectActingAdmins(db: Database, now: Instant): Promise<UserRow[]> {
  return enabledAdmins(db).select(USER_COLUMNS).where(endsAfter(now)).orderBy('id').execute()
}
