// Races on a PostgreSQL with each of its three isolation levels as the default and without advisory locks, as behind a pooler or on
// another engine with its protocol. A value that only one transaction may consume is still consumed once.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { Client } from 'pg'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { consumeOnce } from '#foundation/platform/database/consume-once.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { lockFor, type LockName } from '#foundation/platform/database/lock.ts'
import { migrate } from '#foundation/platform/database/migrate.ts'
import { MIGRATIONS } from '#foundation/platform/database/migrations/list.ts'
import { runInTransaction } from '#foundation/platform/database/transaction.ts'
import { beginSetup, issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { migratedDatabaseUrl, openFor } from '../support/databases/each-database.ts'
import { contextOn } from '../support/databases/stores.ts'
import { newPostgresDatabase } from '../support/databases/temporary.ts'
import { ask, firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import { beginsEnrolment } from '../support/people/second-factors.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { actingAdmins, asks, assertOneOf, type Nodes } from '../support/server/nodes.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

const ROUNDS = 4
const LOCKS: readonly LockName[] = [
  'admins',
  'set-up',
  'migration',
  'seal',
  'external-rows',
  'user-counts',
  'policies',
  'signing-keys',
  'endings',
]

/** Sets the default isolation level, and hides the server's advisory locks behind functions that lock nothing. */
async function makeStrange(url: string, isolation: string): Promise<string> {
  const client = new Client({ connectionString: url })
  await client.connect()
  const name = client.escapeIdentifier(new URL(url).pathname.slice(1))
  await client.query(`
    create function public.pg_advisory_xact_lock(int, int) returns void language sql as '';
    create function public.pg_try_advisory_xact_lock(int, int) returns boolean language sql as 'select true';
    alter database ${name} set search_path = public, pg_catalog;
    alter database ${name} set default_transaction_isolation = '${isolation}'`)
  await client.end()
  return url
}

for (const isolation of ['read committed', 'repeatable read', 'serializable']) {
  const migrated = async (t: TestContext): Promise<string> =>
    makeStrange(await migratedDatabaseUrl(t, 'postgres'), isolation)
  const twoNodes = async (t: TestContext): Promise<Nodes> => {
    const installation = await newInstallation(t, 'postgres')
    await makeStrange(installation.databaseUrl, isolation)
    return [await start(t, installation), await start(t, installation)]
  }

  test(`by default ${isolation}, each lock is waited for, and what was committed meanwhile is seen`, async (t) => {
    const url = await migrated(t)
    const [one, other] = [await openFor(t, url), await openFor(t, url)]
    for (const [step, lock] of LOCKS.entries()) assert.equal(await secondSees(one, other, lock), step + 1, lock)
  })

  test(`by default ${isolation}, of two admins who demote each other at once one stays`, async (t) => {
    const nodes = await twoNodes(t)
    let survivor = await (await firstAdmin(nodes[0])).signsIn()
    for (let round = 0; round < ROUNDS; round++) {
      const rival = await (await newcomer(survivor, `rival-${round}`, { role: 'admin' })).signsIn()
      await survivor.signsIn()
      const demote = { role: 'user' }
      const [mine, theirs] = [await idOf(survivor), await idOf(rival)]
      const replies = await Promise.all([
        asks(nodes[0], survivor, 'PATCH', `/users/${theirs}`, demote),
        asks(nodes[1], rival, 'PATCH', `/users/${mine}`, demote),
      ])
      assertOneOf(replies, 200, [401, 403, 409])
      assert.equal(await actingAdmins(nodes[0]), 1)
      survivor = replies[0].status === 200 ? survivor : rival
    }
  })

  test(`by default ${isolation}, of two first set-ups at once one makes an admin`, async (t) => {
    const nodes = await twoNodes(t)
    const token = (await issueSetupLink(nodes[0].operator()))?.token
    const confirmations = [await followed(nodes[0], token, 'ada'), await followed(nodes[1], token, 'bob')]
    assertOneOf(await Promise.all(confirmations.map((confirm) => confirm())), 200, [404, 409])
    assert.equal(await actingAdmins(nodes[0]), 1)
  })

  for (const from of [0, 3]) {
    test(`by default ${isolation}, of three migrations from version ${from} at once one is made`, async (t) => {
      const url = await makeStrange(await newPostgresDatabase(t), isolation)
      const all = await Promise.all([openFor(t, url), openFor(t, url), openFor(t, url)])
      if (from > 0) await migrate(all[0], { now: 1, migrations: MIGRATIONS.filter(({ version }) => version <= from) })
      const reports = await Promise.all(all.map((db) => migrate(db, { now: 2 })))
      assert.equal(reports.filter((report) => report.from === from).length, 1)
      assert.equal((await sql`select 1 from named_lock`.execute(all[0])).rows.length, LOCKS.length)
    })
  }

  test(`by default ${isolation}, two chain writers at once make one chain`, async (t) => {
    const url = await migrated(t)
    const one = contextOn(await openFor(t, url))
    const other = { ...one, db: await openFor(t, url) }
    for (let event = 0; event < 20; event++) {
      await Promise.all([one, other].map((ctx) => recordEvent(ctx, { action: 'user.created' })))
      const chained = await Promise.all([chainPending(one), chainPending(other)])
      assert.equal(chained[0] + chained[1], 2)
    }
    const links = one.db.selectFrom('audit_event').select(['previous_mac', 'chain_mac']).orderBy('position')
    const chain = await links.execute()
    assert.equal(chain.length, 40)
    const previous = chain.map((link) => link.previous_mac)
    assert.deepEqual(previous.slice(1), chain.map((link) => link.chain_mac).slice(0, -1))
  })

  test(`by default ${isolation}, of fifty who claim the same at once one gets it, and no claim fails`, async (t) => {
    const url = await migrated(t)
    const [db, other] = [await openFor(t, url), await openFor(t, url)]
    for (let round = 0; round < ROUNDS; round++) {
      const id = `link-${round}`
      const link = { id, token_hash: id, epoch: 0, created_at: 1, expires_at: 2, purpose: 'set-up' } as const
      await db.insertInto('link').values(link).execute()
      const claims = Array.from({ length: 50 }, (_, index) => consumeOnce(index % 2 ? db : other, 'link', id, 5))
      assert.equal((await Promise.all(claims)).filter(Boolean).length, 1)
    }
  })

  leaveToTestAll()
}

/** The number of buckets that a transaction reads after it has waited for a lock of a transaction that added one. */
async function secondSees(one: Database, other: Database, lock: LockName): Promise<number> {
  let seen: number | undefined
  let second: Promise<unknown> = Promise.resolve()
  await runInTransaction(one, async (first) => {
    await lockFor(first, lock)
    second = runInTransaction(other, async (trx) => {
      await lockFor(trx, lock)
      seen = (await trx.selectFrom('throttle_bucket').select('key').execute()).length
    })
    while (seen === undefined && !(await isAnyoneBlocked(one)));
    const bucket = { key: lock, failures: 0, last_failure_at: 0, blocked_until: 0 }
    await first.insertInto('throttle_bucket').values(bucket).execute()
  })
  await second
  return seen ?? assert.fail('nothing was read')
}

async function isAnyoneBlocked(db: Database): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
  return rows.length > 0
}

/** Follows a set-up link up to the code that creates the admin. */
async function followed(server: Server, token: Secret | undefined, username: string) {
  assert.ok(token)
  const wanted = { token, password: Secret.of(PASSWORD), username, email: null, fullName: null }
  const { attempt } = await beginSetup(server.operator(), wanted)
  const payload = await beginsEnrolment(server, attempt.reveal())
  return () => ask(server, 'POST', '/attempts/totp/confirm', { payload })
}
