import { sql } from 'kysely'
import assert from 'node:assert/strict'

import type { Database } from '#foundation/platform/database/database.ts'
import { onBothEngines } from '#test/support/databases/stores.ts'
import { listUsers, LONGEST_WALK, MOST_FOUND, pageUsers } from './user-list.service.ts'
import { orderOf } from './user-list.ts'

const COMMON = MOST_FOUND + 40
const FIRST = { q: 'zed', order: orderOf('username'), limit: 50, after: null }

/** Inserts matching users at the end of the order, behind more than two walks of others. */
async function fill(db: Database): Promise<void> {
  const others = 2 * LONGEST_WALK + 100
  const name = sql`case when n <= ${others} then 'ada' else 'zed' end || cast(100000 + n as text)`
  await sql`
    with recursive counted (n) as (select 1 union all select n + 1 from counted where n < ${others + COMMON})
    insert into users (username, username_key, role, subject) select ${name}, ${name}, 'user', 'subject-' || n from counted`.execute(
    db,
  )
  const row = db.dialect === 'postgres' ? sql`(user_id, words) select id` : sql`(rowid, user_id, words) select id, id`
  await sql`insert into user_search ${row}, username_key from users`.execute(db)
}

onBothEngines(
  'a search with very many matches ends a page after a long walk, and its cursors lead to all matches',
  async (_, db) => {
    await fill(db)
    const sizes: number[] = []
    const found: string[] = []
    for (let after: (typeof FIRST)['after'] | { key: string | number | null; id: number } = null; ;) {
      const { items, next } = await listUsers({ db }, { ...FIRST, limit: 1000, after })
      sizes.push(items.length)
      found.push(...items.map(({ username }) => username))
      if (next === null) break
      after = next
    }
    assert.deepEqual(sizes, [0, 0, 1000, 1000, 1000, 1000, 1000, 40])
    assert.equal(new Set(found).size, COMMON)
    assert.ok(found.every((username) => username.startsWith('zed')))
  },
)

onBothEngines('an empty page of a search has cursors of the next and the previous page', async (_, db) => {
  await fill(db)
  const first = await pageUsers({ db }, FIRST, null)
  assert.deepEqual([first.items.length, first.previous], [0, null])
  assert.ok(first.next)
  const second = await pageUsers({ db }, FIRST, { position: first.next, backwards: false })
  assert.equal(second.items.length, 0)
  assert.ok(second.next && second.previous)
  const third = await pageUsers({ db }, FIRST, { position: second.next, backwards: false })
  assert.equal(third.items.length, 50)
  assert.ok(third.previous)
  const back = await pageUsers({ db }, FIRST, { position: third.previous, backwards: true })
  assert.equal(back.items.length, 0)
  assert.ok(back.previous && back.next)
  const again = await pageUsers({ db }, FIRST, { position: back.next, backwards: false })
  assert.deepEqual(again.items[0], third.items[0])
})
