import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { resolveApiTokenByHash } from '#domain/api-tokens/api-token.service.ts'
import { resolveSessionByHash } from '#domain/sessions/session.service.ts'
import type { Context } from '#foundation/context.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { runInTransaction } from '#foundation/platform/database/transaction.ts'
import { onEachDatabase } from '#test/support/databases/each-database.ts'
import { apiTokenOf } from '#test/support/people/api-tokens.ts'
import { firstAdmin, newcomer, type Person } from '#test/support/people/people.ts'
import { storePolicyVersion } from '#test/support/policies/stored-policies.ts'
import { start } from '#test/support/server/start.ts'
import { sessionRules, tokenRules } from './session-rules.service.ts'

/** What a user presents, and how a transaction that changes something resolves it. */
const PRESENTED: Readonly<Record<string, (ada: Person) => Promise<(ctx: Context) => Promise<unknown>>>> = {
  'a session': async (ada) => {
    const tokenHash = hashOf(Secret.of(ada.token ?? ''))
    return (ctx) => resolveSessionByHash(ctx, { tokenHash, transport: 'bearer', lock: 'share' }, sessionRules(ctx))
  },
  'an API token': async (ada) => {
    const tokenHash = hashOf(Secret.of((await apiTokenOf(ada)).token))
    return (ctx) => resolveApiTokenByHash(ctx, { tokenHash, lock: 'share' }, tokenRules(ctx))
  },
}

for (const [what, resolveOf] of Object.entries(PRESENTED))
  test(`a transaction that waits for the user of ${what} judges it by a policy that was stored meanwhile`, async (t) => {
    const server = await start(t, { dialect: 'postgres' })
    const ada = await (await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')).signsIn()
    const [resolve, ctx] = [await resolveOf(ada), server.operator()]
    assert.ok(await runInTransaction(ctx.db, (db) => resolve({ ...ctx, db })), 'it is not resolved without the policy')
    let waiting: Promise<unknown> = Promise.resolve('not begun')
    await runInTransaction(ctx.db, async (first) => {
      await first.updateTable('users').set({ full_name: 'Ada' }).where('username', '=', 'ada').execute()
      waiting = runInTransaction(ctx.db, (db) => resolve({ ...ctx, db }))
      while (!(await isAnyoneBlocked(ctx.db)));
      await storePolicyVersion(first, { id: 'all', secondFactor: 'phishing-resistant' })
    })
    assert.equal(await waiting, undefined)
  })

onEachDatabase(
  'a user without a role, or with an unknown one, is evaluated by the policies of the role user',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const ada = await (await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')).signsIn()
    const resolving = await Promise.all(Object.values(PRESENTED).map((resolveOf) => resolveOf(ada)))
    const ctx = server.operator()
    const resolved = () =>
      Promise.all(resolving.map((resolve) => runInTransaction(ctx.db, (db) => resolve({ ...ctx, db }))))
    const unlocked = async () => (await ada.asks('GET', '/users/me')).status
    assert.equal(await unlocked(), 200)
    await storePolicyVersion(ctx.db, { id: 'all', scope: 'role', scopeRef: 'user', secondFactor: 'phishing-resistant' })
    for (const role of ['user', 'captain', null]) {
      await ctx.db.updateTable('users').set({ role }).where('username', '=', 'ada').execute()
      assert.deepEqual([await unlocked(), ...(await resolved())], [401, undefined, undefined], String(role))
    }
  },
)

async function isAnyoneBlocked(db: Database): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length > 0
}
