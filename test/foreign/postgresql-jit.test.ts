// The growth queries on the machine's own PostgreSQL, which unlike that of the other tests can compile queries (JIT).
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { newJobs } from '#entry/jobs/jobs.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import type { Context } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import {
  FIRST_PAGE,
  pagePlan,
  storedPlan,
  summarizePlan,
} from '#use-cases/administration/policy-rollout/plan.service.ts'
import { GROWTH_READS, LONG_WORK } from '../../bench/growth-reads.ts'
import { HASH } from '../../bench/people.ts'
import { growDatabase } from '../support/databases/grown-database.ts'
import { LARGE_GROUPS } from '../support/databases/grown-groups.ts'
import { createCluster, guard, launch, runFolder } from '../support/databases/postgres-server.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { start } from '../support/server/start.ts'
import { installedPostgres } from './programs.ts'

const USERS = 20_000
/** PostgreSQL's default is 100,000. The lower one stands for a larger database; every look-up by a key stays below it. */
const COMPILED_ABOVE = 1000

test('no read of an admin and no job is compiled by a PostgreSQL that has JIT', async (t) => {
  const { doorward } = await start(t, { databaseUrl: await startServer(t) })
  const { db } = doorward
  const ctx = jobContext(doorward)
  await growDatabase(db, { users: USERS, events: USERS, hash: HASH, groups: 100 }, ctx.now)
  await storePolicies(db, ctx.now)
  // What begins with another word is no read to this program, so it runs as the server is set.
  const { rows } = await sql`explain (analyze) select count(*) from users where full_name like '%son%'`.execute(db)
  assert.match(JSON.stringify(rows), /JIT:/, 'this PostgreSQL has no JIT; that of Debian has')
  await sql`create extension pg_stat_statements`.execute(db)
  await sql`select pg_stat_statements_reset()`.execute(db)

  const signal = new AbortController().signal
  const work = [
    ...Object.values(GROWTH_READS).map(({ read }) => read),
    ...Object.values(LONG_WORK).map(({ work }) => work),
    ...POLICIES.map(
      ([id]) =>
        (on: Context) =>
          readPlan(on, id),
    ),
    ...newJobs().map(
      ({ run }) =>
        () =>
          run(ctx, signal),
    ),
  ]
  for (const run of work) await run(ctx)
  assert.deepEqual(await compiled(db), [])
})

/** Starts a server that compiles what is a hundredth as expensive as by default, and counts what it compiles. */
async function startServer(t: TestContext): Promise<string> {
  const programs = installedPostgres()
  const folder = runFolder(tmpdir())
  const stop = guard(folder)
  t.after(() => t.after(() => stop()))
  createCluster(programs, folder)
  const settings = ["shared_preload_libraries = 'pg_stat_statements'", `jit_above_cost = ${COMPILED_ABOVE}`]
  appendFileSync(join(folder, 'data', 'postgresql.conf'), `${settings.join('\n')}\n`)
  const port = await launch(programs, folder)
  return `postgres://doorward@127.0.0.1:${port}/postgres`
}

const POLICIES = [
  ['everyone', 'everyone', null],
  ['role', 'role', 'user'],
  ['group', 'group', 'group-7'],
  ['fifth', 'group', LARGE_GROUPS.scattered],
] as const

async function storePolicies(db: Database, now: number): Promise<void> {
  for (const [id, scope, scopeRef] of POLICIES)
    await storePolicyVersion(db, { id, scope, scopeRef, secondFactor: 'phishing-resistant', from: now + days(10) })
}

async function readPlan(ctx: Context, id: string): Promise<void> {
  const plan = await storedPlan(ctx, id)
  await summarizePlan(ctx, plan)
  await pagePlan(ctx, plan, { after: FIRST_PAGE, limit: 50 })
}

/** The statements of which the server has compiled a part. */
async function compiled(db: Database): Promise<string[]> {
  const { rows } = await sql<{ query: string }>`
    select query from pg_stat_statements where jit_functions > 0 order by query`.execute(db)
  return rows.map(({ query }) => query)
}
