// On SQLite a statement runs on the thread that answers requests: work of many statements must let other requests run in between.
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import { deleteExpiredAttempts as forgetAttempts } from '#domain/attempts/attempt.service.ts'
import { verifyAudit } from '#domain/audit/verify.service.ts'
import { deleteUnfinishedEnrolments as forgetCodes } from '#domain/factors/totp/totp.service.ts'
import type { Context } from '#foundation/context.ts'
import { hours } from '#foundation/kernel/time.ts'
import { eventsToExport } from '#use-cases/administration/audit/event-export.service.ts'
import { actOnUsers } from '#use-cases/administration/users-page/bulk.service.ts'
import { newDatabase } from './support/databases/each-database.ts'
import { growDatabase } from './support/databases/grown-database.ts'
import { wholeContext } from './support/people/principals.ts'

async function grown(t: TestContext): Promise<Context> {
  const { db } = await newDatabase(t, 'sqlite')
  const ctx = await wholeContext(t, db)
  await growDatabase(db, { users: 100, events: 5000, hash: '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA' }, ctx.now)
  return ctx
}

/** The number of turns of the event loop during the work. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let isOver = false
  const turn = (): void => {
    turns += 1
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  await work()
  isOver = true
  return turns
}

test('requests are served while 5000 events are verified', async (t) => {
  const ctx = await grown(t)
  const turns = await turnsDuring(() => verifyAudit(ctx))
  assert.ok(turns >= 10, `${turns} turns`)
})

test('requests are served while 5000 events are exported, also for the reader of the export', async (t) => {
  const ctx = await grown(t)
  const turns = await turnsDuring(async () => {
    for await (const event of eventsToExport(ctx, {})) assert.ok(event)
  })
  assert.ok(turns >= 9, `${turns} turns`)
})

test('requests are served while 50 users are disabled', async (t) => {
  const ctx = await grown(t)
  const ids = Array.from({ length: 50 }, (_, index) => index + 1)
  const turns = await turnsDuring(() => actOnUsers(ctx, { action: 'disable', ids }))
  assert.ok(turns >= 50, `${turns} turns`)
})

test('requests are served while 3000 old attempts are deleted, 500 in a statement', async (t) => {
  const ctx = await grown(t)
  const attempt = { purpose: 'sign-in', stage: 'second-factor', subject: 's', epoch: 0, methods: 'password' } as const
  const at = { created_at: 0, expires_at: ctx.now - hours(2) }
  const rows = Array.from({ length: 3000 }, (_, index) => ({
    ...attempt,
    ...at,
    id: `${index}`,
    token_hash: `${index}`,
  }))
  for (let first = 0; first < rows.length; first += 1000)
    await ctx.db
      .insertInto('attempt')
      .values(rows.slice(first, first + 1000))
      .execute()
  const turns = await turnsDuring(() => forgetAttempts(ctx))
  assert.ok(turns >= 6, `${turns} turns`)
  assert.deepEqual(await ctx.db.selectFrom('attempt').select('id').execute(), [])
})

test('requests are served while 3000 expired TOTP steps are deleted, 500 in a statement', async (t) => {
  const ctx = await grown(t)
  const rows = Array.from({ length: 3000 }, (_, step) => ({ factor_id: `${step % 7}`, step, ends_at: 0 }))
  const kept = { factor_id: '0', step: 3000, ends_at: ctx.now }
  for (const some of [rows.slice(0, 1500), rows.slice(1500), [kept]])
    await ctx.db.insertInto('consumed_totp_step').values(some).execute()
  const turns = await turnsDuring(() => forgetCodes(ctx))
  assert.ok(turns >= 6, `${turns} turns`)
  assert.deepEqual(await ctx.db.selectFrom('consumed_totp_step').selectAll().execute(), [kept])
})
