// The members of a large group, wherever they are in the list of all users.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { listMembers, sizeOfGroup } from '#domain/groups/membership.service.ts'
import type { With } from '#foundation/context.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { growDatabase } from '#test/support/databases/grown-database.ts'
import { LARGE_GROUPS } from '#test/support/databases/grown-groups.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { leaveToTestAll } from '#test/support/runner/scope.ts'
import { listUsers, pageUsers, tallyUsers } from './user-list.service.ts'
import { orderOf } from './user-list.ts'

const USERS = 30_000
/** A fifth of them, more than a page looks up at once. */
const MEMBERS = 6000
const LIMIT = 200
/** A walk along the list of all users, of 3,000 at most, and the rows of a page. */
const MOST_VISITED = 4000

async function usernamesIn(db: Database, group: string): Promise<string[]> {
  const rows = await db
    .selectFrom('group_member')
    .innerJoin('users', 'users.subject', 'group_member.subject')
    .select('username_key')
    .where('group_id', '=', group)
    .orderBy('username_key')
    .limit(LIMIT)
    .execute()
  return rows.map(({ username_key: key }) => key ?? '')
}

/** How many rows of tables a read visits on PostgreSQL, which counts them. */
function rowsVisited(store: Database, read: (ctx: With<'db'>) => Promise<unknown>): Promise<number> {
  return store.transact(async (db) => {
    const count = async (): Promise<number> => {
      const { rows } = await sql<{ rows: number }>`
        select cast(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) as bigint) as rows from pg_stat_xact_user_tables`.execute(
        db,
      )
      return rows[0]?.rows ?? 0
    }
    // PostgreSQL scans so few rows sequentially where it would use an index among a million.
    await sql`set local enable_seqscan = off`.execute(db)
    const before = await count()
    await read({ db })
    return (await count()) - before
  })
}

leaveToTestAll()

onBothEngines(
  'each page of a large group is full, whether its members are scattered or last by name, and reads a few of the scattered ones only',
  async (_, db) => {
    await growDatabase(db, { users: USERS, events: 1, hash: 'hash', groups: 10 }, 0)
    const listing = { order: orderOf('username'), limit: LIMIT / 2, after: null }
    for (const id of Object.keys(LARGE_GROUPS)) {
      const expected = await usernamesIn(db, id)
      const group = await sizeOfGroup({ db }, id)
      assert.equal(group.isLarge, true)
      const first = await listUsers({ db }, { ...listing, group })
      const second = await listUsers({ db }, { ...listing, group, after: first.next })
      const listed = [...first.items, ...second.items].map(({ username }) => username)
      assert.deepEqual(listed, expected, id)
      const one = await listMembers({ db }, id, { limit: LIMIT / 2 })
      const two = await listMembers({ db }, id, { limit: LIMIT / 2, after: one.next ?? undefined })
      const members = [...one.items, ...two.items].map(({ username }) => username)
      assert.deepEqual(members, expected, id)
      const page = await pageUsers({ db }, { ...listing, group }, null)
      assert.deepEqual(
        [page.items.length, page.previous, await tallyUsers({ db }, undefined, group)],
        [100, null, null],
      )
    }
    if (db.dialect === 'postgres') {
      const group = await sizeOfGroup({ db }, 'scattered')
      assert.ok((await rowsVisited(db, (ctx) => listUsers(ctx, { ...listing, group }))) < MOST_VISITED)
      assert.ok((await rowsVisited(db, (ctx) => listMembers(ctx, 'scattered', { limit: LIMIT / 2 }))) < MOST_VISITED)
    }
    const all: unknown[] = []
    for (let after: string | undefined = ''; after !== undefined;) {
      const page = await listMembers({ db }, 'last', { limit: 1000, after })
      all.push(...page.items)
      after = page.next ?? undefined
    }
    assert.equal(all.length, MEMBERS)
  },
)
