import { type Insertable, type RawBuilder, sql, type SqlBool } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { isKeyless } from '#foundation/platform/database/keyless.ts'
import { forUpdate } from '#foundation/platform/database/lock.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import { hasRow } from '#foundation/platform/database/row-count.ts'
import type { UsersTable } from '#foundation/platform/database/schema.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import type { RowChanges } from './user-changes.ts'
import type { UserRow } from './user-row.ts'
import type { UserSummary } from './user.ts'

/** The opposite of `isDisabled`, for a row of `users`; compares as text, because the column of an externally inserted row may hold any type. */
export function isEnabled(): RawBuilder<SqlBool> {
  return sql<SqlBool>`(users.disabled is null or cast(users.disabled as text) in ('0', 'false'))`
}

/** Returns the row with the key, then rows without a key whose username is exactly `name`. */
export const usersNamed = preparedQuery((db: Database, key: string, name: string) =>
  db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where((eb) =>
      eb.or([eb('username_key', '=', key), eb.and([isKeyless('username_key'), eb('username', '=', name)])]),
    )
    .orderBy(sql`case when username_key is null then 1 else 0 end`)
    .orderBy('id'),
)

export const userWithVerifiedEmail = preparedQuery((db: Database, key: string) =>
  db.selectFrom('users').select(USER_COLUMNS).where('email_key', '=', key).where('email_verified_at', 'is not', null),
)

export const userWithSubject = preparedQuery((db: Database, subject: string) =>
  db.selectFrom('users').select(USER_COLUMNS).where('subject', '=', subject),
)

/** The cast makes an id beyond the range of the column find no row instead of failing. */
export const userWithId = preparedQuery((db: Database, id: number) =>
  db
    .selectFrom('users')
    .select(USER_COLUMNS)
    .where('id', '=', sql<number>`cast(${id} as bigint)`),
)

/** Locks the row of the user until the transaction ends. */
export const takeUser = preparedQuery((db: Database, id: number) =>
  forUpdate(
    db,
    db
      .selectFrom('users')
      .select('id')
      .where('id', '=', sql<number>`cast(${id} as bigint)`),
  ),
)

/** A row of a user with its keys. A secret in plain text is never written. */
type NewRow = Omit<Insertable<UsersTable>, 'otp_secret'> & Pick<UsersTable, 'username_key' | 'email_key'>

/** Returns undefined if a unique value is taken; the statement does not fail, so a transaction on PostgreSQL can continue. */
export function insertUserRow(db: Database, row: NewRow): Promise<UserRow | undefined> {
  return db
    .insertInto('users')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning(USER_COLUMNS)
    .executeTakeFirst()
}

/** Returns the keys of other rows that have one of these keys. */
export function conflictingKeys(
  db: Database,
  claim: { readonly id?: number; readonly username_key?: string; readonly email_key?: string | null },
): Promise<{ username_key: string | null; email_key: string | null }[]> {
  return db
    .selectFrom('users')
    .select(['username_key', 'email_key'])
    .where((eb) =>
      eb.or([
        ...(claim.username_key === undefined ? [] : [eb('username_key', '=', claim.username_key)]),
        ...(typeof claim.email_key === 'string' ? [eb('email_key', '=', claim.email_key)] : []),
      ]),
    )
    .$if(claim.id !== undefined, (query) => query.where('id', '!=', claim.id ?? 0))
    .execute()
}

/** Sets the id sequence of PostgreSQL to the greatest id, which an external insert may have chosen. SQLite does so by itself. */
export async function resyncIdSequence(db: Database): Promise<void> {
  if (db.dialect === 'sqlite') return
  await sql`select setval(pg_get_serial_sequence('users', 'id'), (select max(id) from users))`.execute(db)
}

/** Updates the user if the row still has the revision that was read; returns undefined otherwise. */
export function updateUserRow(
  db: Database,
  id: number,
  revision: number,
  set: RowChanges,
  bumpEpoch: boolean,
): Promise<UserRow | undefined> {
  return db
    .updateTable('users')
    .set(set)
    .set((eb) => ({
      revision: eb('revision', '+', 1),
      ...(bumpEpoch ? { credential_epoch: eb('credential_epoch', '+', 1) } : {}),
    }))
    .where('id', '=', id)
    .where('revision', '=', revision)
    .returning(USER_COLUMNS)
    .executeTakeFirst()
}

/**
 * Changes no user who must review the account. Does not raise the revision, so that a sign-in does not make a parallel change of the user
 * stale.
 */
export const updateLastSignIn = preparedQuery((db: Database, subject: string, now: Instant) =>
  db
    .updateTable('users')
    .set({ last_sign_in_at: now })
    .where('subject', '=', subject)
    .where('review_required_at', 'is', null)
    .returning('id'),
)

/** Deletes the user if the row still has the revision that was read; returns whether it did. */
export function removeUser(db: Database, id: number, revision: number): Promise<boolean> {
  return updatedOne(db.deleteFrom('users').where('id', '=', id).where('revision', '=', revision))
}

/** Whether the table has a row. */
export function userExists(db: Database): Promise<boolean> {
  return hasRow(db.selectFrom('users').select('id'))
}

/** Returns the users with these subjects, in any order. */
export async function selectUserSummaries(db: Database, subjects: readonly string[]): Promise<UserSummary[]> {
  const rows = await db
    .selectFrom('users')
    .select(['subject', 'id', 'username', 'full_name as fullName'])
    .where('subject', 'in', subjects)
    .execute()
  return rows.map(({ username, ...row }) => ({ ...row, username: username ?? '' }))
}

/** Raises the credential epoch of all users, which ends all their sessions, sign-in attempts and links. */
export async function raiseEveryEpoch(db: Database): Promise<void> {
  await db
    .updateTable('users')
    .set((eb) => ({ credential_epoch: eb('credential_epoch', '+', 1), revision: eb('revision', '+', 1) }))
    .execute()
}
