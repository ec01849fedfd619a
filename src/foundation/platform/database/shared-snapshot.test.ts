import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { suite, test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { newDatabaseUrl, openFor } from '../../../../test/support/each-database.ts'
import { preparedQuery } from './prepared-query.ts'
import { migrate } from './migrate.ts'
import type { Database } from './schema.ts'

const failuresOf = preparedQuery((db: Database, key: string) =>
  db.selectFrom('throttle_bucket').select('failures').where('key', '=', key),
)
const readsMissing = preparedQuery((db: Database, key: string) =>
  db
    .selectFrom('missing' as 'throttle_bucket')
    .select('failures')
    .where('key', '=', key),
)

async function openWith(t: TestContext) {
  const url = await newDatabaseUrl(t, 'sqlite')
  const heard: string[] = []
  const failing = new Set<string>()
  const onStatement = (text: string): void => {
    const word = /^[a-z]+/i.exec(text)?.[0] ?? text
    heard.push(word)
    if (failing.delete(word)) throw new Error(`no ${word}`)
  }
  const db = await openFor(t, url, { onStatement })
  await migrate(db, { now: 0 })
  const other = new DatabaseSync(url.slice('sqlite:'.length))
  t.after(() => other.close())
  const count = (key: string, failures: number): unknown =>
    other
      .prepare(
        `insert into throttle_bucket (key, failures, last_failure_at, blocked_until) values (?, ?, 0, 0)
         on conflict (key) do update set failures = excluded.failures`,
      )
      .run(key, failures)
  count('a', 1)
  count('b', 2)
  heard.length = 0
  return { db, heard, failing, count, other }
}

suite('reads of one turn', () => {
  test('share one transaction', async (t) => {
    const { db, heard } = await openWith(t)
    const rows = await Promise.all(['a', 'b', 'none'].map((key) => failuresOf(db, key)))
    assert.deepEqual(rows, [[{ failures: 1 }], [{ failures: 2 }], []])
    assert.deepEqual(heard, ['begin', 'select', 'select', 'select', 'rollback'])
  })

  test('a single one needs none', async (t) => {
    const { db, heard } = await openWith(t)
    assert.deepEqual(await failuresOf(db, 'a'), [{ failures: 1 }])
    assert.deepEqual(heard, ['select'])
  })

  test('see what another process committed before they were asked for, and after the first of them was', async (t) => {
    const { db, count } = await openWith(t)
    const first = failuresOf(db, 'a')
    count('a', 3)
    const second = failuresOf(db, 'a')
    assert.deepEqual([await first, await second], [[{ failures: 3 }], [{ failures: 3 }]])
    count('a', 4)
    assert.deepEqual(await failuresOf(db, 'a'), [{ failures: 4 }])
  })

  test('one that fails fails alone, and leaves no snapshot open', async (t) => {
    const { db, count } = await openWith(t)
    const [bad, good] = await Promise.allSettled([readsMissing(db, 'a'), failuresOf(db, 'a')])
    assert.equal(bad.status, 'rejected')
    assert.deepEqual(good, { status: 'fulfilled', value: [{ failures: 1 }] })
    count('a', 5)
    assert.deepEqual(await failuresOf(db, 'a'), [{ failures: 5 }])
  })

  test('where the transaction cannot begin they are refused', async (t) => {
    const { db, failing } = await openWith(t)
    failing.add('begin')
    const refused = await Promise.allSettled(['a', 'b'].map((key) => failuresOf(db, key)))
    assert.deepEqual(
      refused.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal((await Promise.all(['a', 'b'].map((key) => failuresOf(db, key)))).length, 2)
  })

  test('a transaction that could not be ended keeps nobody in the past, and nothing from the disk', async (t) => {
    const { db, failing, count, other } = await openWith(t)
    for (const write of ['a change', 'a transaction'] as const) {
      failing.add('rollback')
      await Promise.all(['a', 'b'].map((key) => failuresOf(db, key)))
      count('a', 6)
      assert.deepEqual(
        await Promise.all(['a', 'b'].map((key) => failuresOf(db, key))),
        [[{ failures: 6 }], [{ failures: 2 }]],
        write,
      )
      const values = { key: write, failures: 0, last_failure_at: 0, blocked_until: 0 }
      if (write === 'a change') await db.insertInto('throttle_bucket').values(values).execute()
      else await db.transaction().execute((trx) => trx.insertInto('throttle_bucket').values(values).execute())
      assert.ok(other.prepare('select 1 from throttle_bucket where key = ?').get(write), write)
      count('a', 1)
    }
  })

  test('beside a transaction, one that could not be ended keeps nobody in the past either', async (t) => {
    const { db, failing, count } = await openWith(t)
    const both = () => Promise.all(['a', 'b'].map((key) => failuresOf(db, key)))
    const plain = () => db.selectFrom('throttle_bucket').select('failures').orderBy('key').execute()
    for (const read of [() => failuresOf(db, 'a'), both, plain]) {
      count('a', 1)
      await db.transaction().execute(async () => {
        failing.add('rollback')
        await both()
      })
      count('a', 9)
      await db.transaction().execute(async () => {
        assert.deepEqual((await read()).flat()[0], { failures: 9 })
      })
    }
  })

  test('that were asked for before the database is closed are answered', async (t) => {
    const { db } = await openWith(t)
    const rows = Promise.all(['a', 'b'].map((key) => failuresOf(db, key)))
    await db.destroy()
    assert.deepEqual(await rows, [[{ failures: 1 }], [{ failures: 2 }]])
  })

  test('see nothing of a transaction that is open, and of each that was committed everything', async (t) => {
    const { db } = await openWith(t)
    await db.transaction().execute(async (trx) => {
      await trx.updateTable('throttle_bucket').set({ failures: 7 }).execute()
      assert.deepEqual(await Promise.all([failuresOf(db, 'a'), failuresOf(db, 'b')]), [
        [{ failures: 1 }],
        [{ failures: 2 }],
      ])
    })
    assert.deepEqual(await Promise.all([failuresOf(db, 'a'), failuresOf(db, 'b')]), [
      [{ failures: 7 }],
      [{ failures: 7 }],
    ])
  })

  test('wait while another process holds the whole file, and are then answered', async (t) => {
    const url = await newDatabaseUrl(t, 'sqlite')
    // Without a write-ahead log readers wait for the one who writes.
    const other = new DatabaseSync(url.slice('sqlite:'.length))
    t.after(() => other.close())
    other.exec("create table throttle_bucket (key, failures); insert into throttle_bucket values ('a', 1)")
    const db = await openFor(t, url)
    other.exec('begin exclusive; update throttle_bucket set failures = 8')
    const rows = Promise.all([failuresOf(db, 'a'), failuresOf(db, 'none')])
    await nextTurn()
    await nextTurn()
    other.exec('commit')
    assert.deepEqual(await rows, [[{ failures: 8 }], []])
  })
})
