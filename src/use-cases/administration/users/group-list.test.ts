// The members of a large group, wherever they are in the list of all users.
import assert from 'node:assert/strict'

import { listMembers, sizeOfGroup } from '#domain/groups/membership.service.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { growDatabase } from '#test/support/databases/grown-database.ts'
import { LARGE_GROUPS } from '#test/support/databases/grown-groups.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { listUsers, pageUsers, tallyUsers } from './user-list.service.ts'
import { orderOf } from './user-list.ts'

const USERS = 30_000
/** A fifth of them, more than a page looks up at once. */
const MEMBERS = 6000
const LIMIT = 200

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

onBothEngines(
  'each page of a large group is full, whether its members are scattered or last by name',
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
    const all: unknown[] = []
    for (let after: string | undefined = ''; after !== undefined;) {
      const page = await listMembers({ db }, 'last', { limit: 1000, after })
      all.push(...page.items)
      after = page.next ?? undefined
    }
    assert.equal(all.length, MEMBERS)
  },
)
