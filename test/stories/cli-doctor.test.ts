// The check-up in the terminal: the same findings as on the page, by the same code, with exit codes for scripts.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { closeSync, openSync, writeSync } from 'node:fs'
import type { TestContext } from 'node:test'

import { newChainWriter } from '#domain/audit/chain-writer.service.ts'
import { newJobs } from '#entry/jobs/jobs.ts'
import { listenToJumps } from '#entry/jobs/jump-listener.ts'
import { hours } from '#foundation/kernel/time.ts'
import { FOLLOWED_AFTER } from '#foundation/platform/clock.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { firstAdmin, newcomer, type Person } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { command } from '../support/server/command-line.ts'
import { secretsOf } from '../support/server/configured-secrets.ts'
import type { Ended } from '../support/server/processes.ts'
import { start } from '../support/server/start.ts'

interface Finding {
  readonly code: string
  readonly level: string
  readonly sentence: string
  readonly fix: string | null
  readonly user_id: number | null
}

interface Scene {
  readonly root: Person
  readonly run: (...args: string[]) => Promise<Ended>
}

const SETTINGS = { public_url: 'https://id.example.org' }

async function scene(t: TestContext, dialect: Dialect): Promise<Scene> {
  const server = await start(t, { dialect, clock: new TestClock(Date.now()), settings: SETTINGS })
  const root = await firstAdmin(server)
  const installation = { databaseUrl: server.databaseUrl, dataDir: server.dataDir, settings: SETTINGS }
  return { root, run: (...args) => command(t, ['doctor', ...args], installation) }
}

function findingsIn(text: string): Finding[] {
  return (JSON.parse(text) as { findings: Finding[] }).findings
}

/** The findings that depend neither on the time nor on a request. */
function lasting(findings: readonly Finding[]): Finding[] {
  const passing = ['clock', 'database', 'reached', 'proxy', 'audit-checkpoint', 'audit-chain']
  return findings.filter(({ code }) => !passing.includes(code))
}

leaveToTestAll()

onEachDatabase('doctor has the findings of the check-up, except those that need a request', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  await root.signsIn()
  await root.asks('POST', '/users', { username: 'ada' })
  const { db } = root.server.doorward
  await db.insertInto('users').values({ username: 'odd', role: 'wizard', disabled: 0 }).execute()
  const { code, stdout, stderr } = await run('--json')
  assert.deepEqual([code, stderr], [0, ''])
  const { raw } = await root.asks('GET', '/checkup')
  assert.deepEqual(lasting(findingsIn(stdout)), lasting(findingsIn(raw.body)))
  const codes = findingsIn(stdout).map((finding) => finding.code)
  for (const code of [
    'clock',
    'database',
    'keyring',
    'admins',
    'second-steps',
    'audit-checkpoint',
    'role-unknown',
    'version',
  ])
    assert.ok(codes.includes(code), code)
  assert.ok(!codes.includes('proxy'))
})

onEitherDatabase('doctor exits with 0, with 7 for warnings when strict, with 1 for errors', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  const { db } = root.server.doorward
  const exits = async (): Promise<(number | null)[]> => [(await run()).code, (await run('--strict')).code]
  assert.deepEqual(await exits(), [0, 7], 'a single admin is a warning')
  await root.signsIn()
  const ada = await newcomer(root, 'ada')
  await sql`update users set role = 'admin' where username = ${ada.username}`.execute(db)
  await newChainWriter(root.server.doorward).write(true)
  const strict = await run('--strict')
  assert.match(strict.stderr, /no failures/)
  // The only other findings are the cost of the hashes in these tests, and that mail is off.
  assert.deepEqual(
    findingsIn((await run('--json')).stdout)
      .filter(({ level }) => level !== 'ok')
      .map(({ code }) => code),
    ['password-hash', 'mail'],
  )
  await sql`update users set second_factor_at = null`.execute(db)
  assert.deepEqual(await exits(), [1, 1], 'no admin can act')
})

onEitherDatabase('doctor finds that the log does not fit its last checkpoint', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  await root.signsIn()
  const { doorward } = root.server
  await newChainWriter(doorward).write(true)
  const checkpoint = async () =>
    findingsIn((await run('--json')).stdout).find(({ code }) => code === 'audit-checkpoint')
  assert.equal((await checkpoint())?.level, 'ok')
  await sql`delete from audit_event where position = (select max(position) from audit_event)`.execute(doorward.db)
  const found = await checkpoint()
  assert.equal(found?.level, 'failure')
  assert.match(`${found.sentence} ${found.fix}`, /cut off or recomputed.* audit verify/)
  assert.equal((await run()).code, 1)
})

onEitherDatabase('doctor prints a line for each check and, where one is needed, what to do', async (t, dialect) => {
  const { run } = await scene(t, dialect)
  const { stdout, stderr } = await run()
  assert.match(stdout, /^✓ Public address: The server is at https:\/\/id\.example\.org, over HTTPS/)
  assert.match(stdout, /\n! Admins: There is only one admin\.\n {2}Add a second one/)
  assert.match(stderr, /^no failures, \d+ warnings?, /)
  const plain = (await run('--plain')).stdout.split('\n').map((line) => line.split('\t'))
  assert.deepEqual(plain[0]?.slice(0, 3), ['ok', 'address', ''])
})

test('doctor finds a damaged page that nothing else reads', async (t) => {
  const { root, run } = await scene(t, 'sqlite')
  const { db } = root.server.doorward
  assert.doesNotMatch((await run()).stdout, /damaged/)
  const { rows } = await sql<{ page: number; size: number }>`
    select rootpage as page, page_size as size from sqlite_master, pragma_page_size where name = 'passkey_subject'`.execute(
    db,
  )
  const { page, size } = rows[0] ?? assert.fail('no such index')
  await sql`pragma wal_checkpoint(truncate)`.execute(db)
  const file = openSync(root.server.databaseUrl.slice('sqlite:'.length), 'r+')
  writeSync(file, Buffer.alloc(size, 0x5a), 0, size, (page - 1) * size)
  closeSync(file)

  const { code, stdout } = await run()
  assert.equal(code, 1)
  assert.match(stdout, /✗ Database: The database file is damaged.*\n {2}Stop the server, .* restore the last backup/)
})

onEitherDatabase('no configured secret is printed', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  const said = (await Promise.all([run(), run('--json'), run('--plain', '--verbose')]))
    .map(({ stdout, stderr }) => stdout + stderr)
    .join('\n')
  for (const secret of secretsOf(root.server)) assert.ok(!said.includes(secret))
})

onEitherDatabase('doctor and the check-up report the last jump of the clock, with its size', async (t, dialect) => {
  const { root, run } = await scene(t, dialect)
  const { clock, doorward } = root.server
  const jumps = listenToJumps(doorward, newJobs())
  clock.jump(-hours(3))
  clock.jump(hours(3))
  clock.pass(FOLLOWED_AFTER)
  await jumps.stop()
  await root.signsIn()
  const { stdout } = await run('--json')
  const { raw } = await root.asks('GET', '/checkup')
  for (const text of [stdout, raw.body]) {
    const found = findingsIn(text).find(({ code }) => code === 'clock-jumps')
    assert.equal(found?.level, 'warning')
    assert.match(found?.sentence ?? '', /jumped ahead by 3 hours\. That was .* ago\.$/)
  }
})
