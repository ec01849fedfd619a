import { sql } from 'kysely'

import type { Database } from '#foundation/platform/database/database.ts'
import { cellsSql } from '#foundation/platform/database/user-cells.ts'

/** The number of users of one kind and day, or the error of such a number. */
export interface UserCell {
  readonly kind: string
  readonly day: number
  readonly count: number
}

/** Returns the counts; all days before `firstDay` are added up as day -1. */
export async function selectUserCells(db: Database, firstDay: number): Promise<UserCell[]> {
  const { rows } = await sql<UserCell>`
    select kind, case when day < ${firstDay} then -1 else day end as day, cast(sum(count) as bigint) as count
    from user_count group by 1, 2`.execute(db)
  return rows
}

/** Returns the difference between the users and their counts, both read by one statement. Reads all users. */
export async function selectCountErrors(db: Database): Promise<UserCell[]> {
  const { rows } = await sql<UserCell>`
    select kind, day, cast(sum(n) as bigint) as count
    from (
      select kind, day, count(*) as n from (${sql.raw(cellsSql('users', 'from users'))}) as cell group by kind, day
      union all select kind, day, -count from user_count) as difference
    group by kind, day having sum(n) <> 0`.execute(db)
  return rows
}

/** Adds to a count. Parallel changes of users are not lost, because the triggers add too (lost update). */
export async function correctCount(db: Database, { kind, day, count }: UserCell): Promise<void> {
  if (db.dialect === 'postgres') {
    await db.insertInto('user_count').values({ kind, day, count }).execute()
    return
  }
  await sql`
    insert into user_count (kind, day, count) values (${kind}, ${day}, ${count})
    on conflict (kind, day) do update set count = user_count.count + excluded.count`.execute(db)
}

/** Merges the rows that each change inserts on PostgreSQL; on SQLite each count has one row. */
export async function gatherCounts(db: Database): Promise<void> {
  if (db.dialect === 'sqlite') return
  await sql`
    with gone as (delete from user_count returning kind, day, count)
    insert into user_count (kind, day, count)
    select kind, day, sum(count) from gone group by kind, day having sum(count) <> 0`.execute(db)
}
