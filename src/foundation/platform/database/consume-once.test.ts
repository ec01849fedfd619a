import assert from 'node:assert/strict'

import { newDatabase, onEachDatabase, openFor } from '#test/support/databases/each-database.ts'
import { consumeOnce } from './consume-once.ts'
import type { Database } from './database.ts'
import { runInTransaction } from './transaction.ts'

async function insertEach(db: Database): Promise<void> {
  const ends = { created_at: 1, expires_at: 2, token_hash: 'h', epoch: 0 }
  await db
    .insertInto('attempt')
    .values({ id: 'a', purpose: 'sign-in', stage: 'enrolment', subject: 's', methods: '', ...ends })
    .execute()
  await db
    .insertInto('link')
    .values({ id: 'a', purpose: 'set-up', ...ends })
    .execute()
  await db
    .insertInto('passkey_challenge')
    .values({ id: 'a', challenge_hash: 'h', purpose: 'sign-in', created_at: 1, expires_at: 2 })
    .execute()
  await db.insertInto('users').values({ subject: 's', username: 's', username_key: 's', disabled: 0 }).execute()
  await db
    .insertInto('recovery_code')
    .values({ id: 'a', subject: 's', selector: 'a', code_hash: 'h', created_at: 1 })
    .execute()
  await db
    .insertInto('client_token')
    .values({ id: 'a', kind: 'code', is_offline: 0, payload: '{}', created_at: 1, expires_at: 2 })
    .execute()
}

onEachDatabase('exactly one of fifty concurrent calls on two connections consumes a value', async (t, dialect) => {
  const { db, url } = await newDatabase(t, dialect)
  const other = await openFor(t, url)
  await insertEach(db)
  for (const table of ['attempt', 'link', 'passkey_challenge', 'recovery_code', 'client_token'] as const) {
    const tries = Array.from({ length: 50 }, (_, index) => consumeOnce(index % 2 === 0 ? db : other, table, 'a', 5))
    const won = (await Promise.all(tries)).filter(Boolean)
    assert.equal(won.length, 1, table)
  }
  assert.deepEqual(await db.selectFrom('attempt').select('consumed_at').execute(), [{ consumed_at: 5 }])
  assert.deepEqual(await db.selectFrom('link').select('consumed_at').execute(), [{ consumed_at: 5 }])
  for (const table of ['passkey_challenge', 'recovery_code', 'client_token'] as const)
    assert.deepEqual(await db.selectFrom(table).select('consumed_at').execute(), [{ consumed_at: 5 }])
})

onEachDatabase('a value is not consumed if its transaction fails', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  await insertEach(db)
  const failed = runInTransaction(db, async (trx) => {
    assert.equal(await consumeOnce(trx, 'link', 'a', 5), true)
    throw new Error('no further')
  })
  await assert.rejects(failed, /no further/)
  assert.equal(await consumeOnce(db, 'link', 'a', 6), true)
})

onEachDatabase('a missing value cannot be consumed', async (t, dialect) => {
  const { db } = await newDatabase(t, dialect)
  assert.equal(await consumeOnce(db, 'attempt', 'none', 5), false)
})
