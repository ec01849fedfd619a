// Externally inserted rows: the server serves requests at once, and completes the rows while it runs.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { startJobs } from '#entry/jobs/scheduler.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { minutes } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { dumpOf } from '#test/support/databases/database-dump.ts'
import {
  migratedDatabaseUrl,
  onEachDatabase,
  onEitherDatabase,
  openFor,
} from '#test/support/databases/each-database.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { completeExternalRows, TestTimers } from '#test/support/jobs.ts'
import { ask, firstAdmin, PASSWORD, Person, postToken } from '#test/support/people/people.ts'
import { TestClock } from '#test/support/server/clock.ts'
import { type Server, start } from '#test/support/server/start.ts'
import { Authenticator } from '../../../../clients/test/src/codes.ts'
import { externalRowsJob } from './external-rows.job.ts'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** Inserts many rows by one statement, as an operator's script would; the first `withSecret` ones have a plaintext TOTP secret. */
async function insertMany(db: Database, count: number, withSecret = 0): Promise<void> {
  await sql`
    with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < ${count})
    insert into users (username, email, otp_secret, disabled)
    select 'User ' || n, 'User-' || n || '@example.org', case when n <= ${withSecret} then ${SECRET} end, '0'
    from numbers`.execute(db)
}

async function insertOne({ doorward: { db, hasher } }: Server, username: string): Promise<void> {
  const hashed = await hasher.hash(Secret.of(PASSWORD))
  await db.insertInto('users').values({ username, hashed_password: hashed, otp_secret: SECRET, disabled: 0 }).execute()
}

async function countOf(db: Database, table: 'users' | 'totp_factor', condition = sql<boolean>`1 = 1`): Promise<number> {
  const { count } = await db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll().as('count'))
    .where(condition)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Yields to the event loop between two checks. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nextTurn()
}

const incomplete = (db: Database): Promise<number> => countOf(db, 'users', sql`username_key is null`)
const plain = (db: Database): Promise<number> => countOf(db, 'users', sql`otp_secret is not null`)

async function configWith(t: TestContext, dialect: Dialect, count: number, withSecret = 0) {
  const databaseUrl = await migratedDatabaseUrl(t, dialect)
  const db = await openFor(t, databaseUrl)
  if (count > 0) await insertMany(db, count, withSecret)
  return { databaseUrl, dataDir: await temporaryFolder(t), clock: new TestClock(), db }
}

onEitherDatabase(
  'a start does as little for 20,000 inserted rows as for 1,000, and then serves',
  async (t, dialect) => {
    const statementsBeforeServing = async (count: number): Promise<[Server, Database, number]> => {
      const { db, ...config } = await configWith(t, dialect, count, count)
      let statements = 0
      const server = await start(t, { ...config, onStatement: () => (statements += 1) })
      return [server, db, statements]
    }
    const [, , few] = await statementsBeforeServing(1000)
    const [server, db, many] = await statementsBeforeServing(20_000)
    assert.equal(many, few)
    assert.equal((await ask(server, 'GET', '/healthz')).status, 200)
    assert.deepEqual([await incomplete(db), await plain(db)], [19_800, 19_800])
    assert.equal(server.doorward.report.inBackground, true)
  },
)

onEachDatabase('background work that is stopped continues after the next start, and ends', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { db } = server.doorward
  await insertMany(db, 500, 60)
  const first = startJobs(server.doorward, [externalRowsJob])
  await until(async () => (await incomplete(db)) <= 400)
  await first.stop()
  const left = await incomplete(db)
  assert.ok(left > 0 && left <= 400, `${left} rows are left`)
  assert.equal(await plain(db), 60)
  const again = startJobs(server.doorward, [externalRowsJob])
  await until(async () => (await plain(db)) === 0)
  await again.stop()
  assert.equal(await incomplete(db), 0)
  assert.equal(await countOf(db, 'totp_factor'), 60)
  const reports = server.logLines.filter(({ msg }) => msg === 'externally inserted rows completed')
  assert.deepEqual(
    reports.map(({ done, left: rest }) => [done, rest]),
    [
      [500 - left, left],
      [left, 0],
    ],
  )
  assert.ok(!JSON.stringify(await dumpOf(db)).includes(SECRET))
})

onEachDatabase('parallel nodes complete each row once', async (t, dialect) => {
  const { db, ...config } = await configWith(t, dialect, 0)
  const nodes = [await start(t, config), await start(t, config)]
  await insertMany(db, 500, 100)
  await Promise.all(nodes.map(({ doorward }) => completeExternalRows(doorward)))
  assert.deepEqual([await incomplete(db), await plain(db)], [0, 0])
  const done = (name: string): number =>
    nodes
      .flatMap(({ logLines }) => logLines.filter(({ msg }) => msg === name))
      .reduce((sum, line) => sum + Number(line['done']), 0)
  assert.deepEqual([done('externally inserted rows completed'), done('plaintext TOTP secrets sealed')], [500, 100])
  assert.equal(await countOf(db, 'totp_factor'), 100)
  const sealed = db.selectFrom('audit_event').select('id').where('action', '=', 'totp.sealed')
  assert.equal((await sealed.execute()).length, 100)
})

onEachDatabase(
  'a user whose row is not completed yet signs in by the exact spelling, which completes the row',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const root = await (await firstAdmin(server)).signsIn()
    const { db } = server.doorward
    await insertMany(db, 600)
    await insertOne(server, 'Grace')
    const grace = new Person(server, 'Grace', PASSWORD, new Authenticator(SECRET))
    const small = { username: 'grace', password: PASSWORD + grace.code() }
    assert.equal((await postToken(server, small)).status, 401)
    await grace.signsIn()
    assert.equal(await incomplete(db), 600, 'only the row of the user who signed in is completed')
    await new Person(server, 'gRACE', PASSWORD, grace.authenticator).asks('GET', '/healthz')
    server.clock.pass(minutes(1))
    assert.equal((await postToken(server, { username: 'gRACE', password: PASSWORD + grace.code() })).status, 200)
    for (const path of ['/users?sort=username', '/users?q=user', '/users?status=no-factor&sort=-email', '/overview'])
      assert.equal((await root.asks('GET', path)).status, 200, path)
  },
)

onEachDatabase(
  'the health check counts the pending rows and secrets, and reports no finding without any',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const root = await (await firstAdmin(server)).signsIn()
    await insertMany(server.doorward.db, 250, 90)
    const findings = async (): Promise<(string | undefined)[]> => {
      const { findings } = (await root.asks('GET', '/checkup')).body as {
        findings: { code: string; sentence: string }[]
      }
      return ['external-rows', 'code-secrets'].map((code) => findings.find((found) => found.code === code)?.sentence)
    }
    const [rows, secrets] = await findings()
    assert.match(rows ?? '', /^250 rows from other programs aren’t complete yet/)
    assert.match(secrets ?? '', /^90 authenticator secrets are stored in plain text/)
    await completeExternalRows(server.doorward)
    assert.deepEqual(await findings(), [
      'All rows from other programs are complete.',
      'All authenticator secrets are encrypted.',
    ])
  },
)

onEachDatabase('a row inserted while the server runs is completed and sealed before a sign-in', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { db } = server.doorward
  await db.insertInto('users').values({ username: 'Ada', otp_secret: SECRET, disabled: 0, role: 'user' }).execute()
  await db.insertInto('users').values({ username: 'Bob', otp_secret: 'no base32!', disabled: 0 }).execute()
  for (let turn = 0; turn < 2; turn++) await completeExternalRows(server.doorward)
  const rows = await db.selectFrom('users').select(['username_key', 'otp_secret', 'subject']).orderBy('id').execute()
  assert.deepEqual(
    rows.map((row) => [row.username_key, row.otp_secret]),
    [
      ['ada', null],
      ['bob', 'no base32!'],
    ],
  )
  const apps = await db.selectFrom('totp_factor').select('subject').where('confirmed_at', 'is not', null).execute()
  assert.deepEqual(apps, [{ subject: rows[0]?.subject }])
  const events = await db.selectFrom('audit_event').select('target').where('action', '=', 'totp.sealed').execute()
  assert.deepEqual(events, [{ target: rows[0]?.subject }])
  assert.ok(!JSON.stringify(await dumpOf(db)).includes(SECRET))
})

test('rows are completed at once at the start, and every ten minutes until the server stops', async (t) => {
  const server = await start(t)
  const { db } = server.doorward
  await insertMany(db, 3)
  const timers = new TestTimers(server.clock)
  const jobs = startJobs(server.doorward, [externalRowsJob], timers)
  await until(async () => (await incomplete(db)) === 0 && timers.delays()[0] === minutes(10))
  await db.insertInto('users').values({ username: 'Late', disabled: 0 }).execute()
  timers.pass(minutes(10) - 1)
  assert.equal(await incomplete(db), 1)
  timers.pass(1)
  await until(async () => (await incomplete(db)) === 0 && timers.delays()[0] === minutes(10))
  await jobs.stop()
  assert.deepEqual(timers.delays(), [])
})
