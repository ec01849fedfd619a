import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { appendCheckpoint, newCheckpoint } from '#domain/audit/checkpoint.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { openPostgres } from '#foundation/platform/database/postgres/postgres.ts'
import { WriteProbe } from '#foundation/platform/database/write-probe.ts'
import { newStore } from '#test/support/databases/stores.ts'
import { wholeContext } from '#test/support/people/principals.ts'
import { TestClock } from '#test/support/server/clock.ts'
import { answerStateRollback } from './state-rollback.ts'

test('on PostgreSQL all users are signed out even if that takes longer than the statement timeout', async (t) => {
  const { db, url } = await newStore(t, 'postgres')
  await db.insertInto('users').values({ username: 'ada', subject: 'ada', disabled: 0 }).execute()
  await sql`create function take_long() returns trigger language plpgsql as
    'begin perform pg_sleep(2); return new; end'`.execute(db)
  await sql`create trigger take_long before update on users for each row execute function take_long()`.execute(db)

  const short = openPostgres(Secret.of(url), { statementWithin: 1000, answerAfter: 100 })
  t.after(() => short.destroy())
  const ctx = await wholeContext(t, short)
  const deps = { ...ctx, clock: new TestClock(), writeProbe: new WriteProbe(ctx) }
  const keys = deps.keyring
  await appendCheckpoint(deps.config, newCheckpoint({ position: 9, chainMac: 'lost' }, 0, keys))
  assert.match((await answerStateRollback(deps)) ?? '', /event 9, recorded at .*All users were signed out/)
  assert.deepEqual(await db.selectFrom('users').select('credential_epoch').execute(), [{ credential_epoch: 1 }])
})
