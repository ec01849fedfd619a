// Fills a database that has users with groups, by a few statements.
import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** The groups of a fifth of all users: every fifth one, and those at the end of the alphabet, where a walk finds them last. */
export const LARGE_GROUPS = { scattered: 'Every fifth', last: 'End of the alphabet' } as const
/** How many groups each user is in besides. */
const EACH = 4

/** Inserts `groups` groups of a similar size, and those of `LARGE_GROUPS`. */
export async function growGroups(db: Database, groups: number, now: Instant): Promise<void> {
  const counted = sql`with recursive counted (n) as (select cast(1 as bigint) union all select n + 1 from counted where n < ${groups})`
  await sql`
    insert into user_group (id, name, name_key, description, revision, created_at)
    ${counted} select 'group-' || n, 'Group ' || n, 'group ' || n, 'Users of group ' || n, 0, cast(${now} as bigint) from counted`.execute(
    db,
  )
  for (const [id, name] of Object.entries(LARGE_GROUPS))
    await db
      .insertInto('user_group')
      .values({ id, name, name_key: name.toLowerCase(), description: '', revision: 0, created_at: now })
      .execute()
  for (let turn = 0; turn < EACH; turn++) {
    await sql`
      insert into group_member (group_id, subject, added_at)
      select 'group-' || (1 + (cast(id as bigint) * 7919 + ${sql.lit(turn)} * 251) % ${sql.lit(groups)}), subject, cast(${now} as bigint) from users
      where subject is not null on conflict do nothing`.execute(db)
  }
  const { count } = await db
    .selectFrom('users')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  const fifth = sql.lit(Math.floor(count / 5))
  await sql`
    insert into group_member (group_id, subject, added_at)
    select 'scattered', subject, cast(${now} as bigint) from users where id % 5 = 0 and subject is not null`.execute(db)
  await sql`
    insert into group_member (group_id, subject, added_at)
    select 'last', subject, cast(${now} as bigint) from users where subject is not null
    order by username_key desc limit ${fifth}`.execute(db)
}
