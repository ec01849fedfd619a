// Reads the users who have joined and whose email is not confirmed.
import { type SelectQueryBuilder, sql, type SqlBool } from 'kysely'

import { type HeldRole, heldRole } from '#domain/roles/role.ts'
import { userFromRow } from '#domain/users/user-row.ts'
import { isEnabled } from '#domain/users/user.queries.ts'
import type { User } from '#domain/users/user.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { Schema } from '#foundation/platform/database/schema.ts'
import { HAS_NOTHING } from '#foundation/platform/database/user-cells.ts'
import { ROLE_PERMISSIONS, USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'

interface Unconfirmed {
  readonly now: Instant
  /** The principal, who confirms the own email on the own page; null for the operator. */
  readonly besides: string | null
  /** A user who was asked after this instant is not asked again. */
  readonly askedBefore: Instant
}

/** Users who have not joined yet confirm their email by a mailed invitation. An externally inserted row has no key until it is completed. */
function unconfirmed(db: Database, { now, besides }: Unconfirmed): SelectQueryBuilder<Schema, 'users', object> {
  return db
    .selectFrom('users')
    .where('users.email_verified_at', 'is', null)
    .where('users.email_key', 'is not', null)
    .where(isEnabled)
    .where(sql<SqlBool>`(users.expires_at is null or cast(users.expires_at as bigint) > ${now})`)
    .where(sql<SqlBool>`not (${sql.raw(HAS_NOTHING)})`)
    .$if(besides !== null, (query) => query.where('users.subject', '!=', besides ?? ''))
}

/** Neither asked in the last days, nor about to confirm an email that they have entered. */
function isDue({ now, askedBefore }: Unconfirmed) {
  return sql<SqlBool>`((users.email_confirmation_asked_at is null or users.email_confirmation_asked_at <= ${askedBefore})
    and not exists (select 1 from email_change where email_change.subject = users.subject
      and email_change.confirmed_at is null and email_change.expires_at > ${now}))`
}

interface UnconfirmedSlice {
  /** Users after the one with this id, in the order of ids. */
  readonly after: number
  readonly limit: number
  /** The ids of the users who are looked at; all if left out. */
  readonly among?: readonly number[]
}

/** Returns users who can be asked now. */
export async function selectUnconfirmed(
  db: Database,
  about: Unconfirmed,
  { after, limit, among }: UnconfirmedSlice,
): Promise<User[]> {
  const rows = await unconfirmed(db, about)
    .select(USER_COLUMNS)
    .where(isDue(about))
    .where(sql<SqlBool>`users.id > cast(${after} as bigint)`)
    .$if(among !== undefined, (query) => query.where('users.id', 'in', [...(among ?? [])]))
    .orderBy('users.id')
    .limit(limit)
    .execute()
  return rows.map(userFromRow)
}

export interface UnconfirmedOfRole extends HeldRole {
  /** Users who can be asked now; users who were asked, or have entered an email, in the last days. */
  readonly due: number
  readonly asked: number
}

/** Returns how many there are, by their role. */
export async function countUnconfirmed(db: Database, about: Unconfirmed): Promise<UnconfirmedOfRole[]> {
  const rows = await unconfirmed(db, about)
    .select([
      'users.role',
      ROLE_PERMISSIONS,
      sql<number>`sum(case when ${isDue(about)} then 1 else 0 end)`.as('due'),
      sql<number>`count(*)`.as('all'),
    ])
    .groupBy('users.role')
    .execute()
  return rows.map(({ role, rolePermissions, due, all }) => ({
    ...heldRole(role, rolePermissions),
    due: Number(due),
    asked: Number(all) - Number(due),
  }))
}
