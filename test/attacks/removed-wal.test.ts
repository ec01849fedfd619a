// Threat: an attacker with access to the files, or an operator who tidies up after a crash, removes the write-ahead log. The database
// is then in the state of its last checkpoint, in which ended sessions are open and used codes count as unused.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { copyFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { listEvents } from '#domain/audit/audit.service.ts'
import { newChainWriter } from '#domain/audit/chain-writer.service.ts'
import { answerStateRollback } from '#entry/cli/start/state-rollback.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { checkUp } from '#use-cases/administration/health/health.service.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { setUp } from '../support/people/onboarding.ts'
import { ask, firstAdmin, postToken } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { runCommand, startProcess } from '../support/server/processes.ts'
import { type Server, start } from '../support/server/start.ts'

const FILES = ['keyring.json', 'audit-checkpoints', 'doorward.db', 'doorward.db-wal'] as const

interface Scene {
  /** A server on the remaining files. */
  readonly later: Server
  /** The token of a session whose end is only in the write-ahead log. */
  readonly ended: string
  /** Password and code of a sign-in that is only in the write-ahead log. */
  readonly used: { readonly username: string; readonly password: string }
  readonly freshCode: () => string
}

/** Copies the files of a running server, as after a crash, without those in `removed`; starts a server on the copies. */
async function crashed(t: TestContext, removed: readonly string[]): Promise<Scene> {
  const [dataDir, left, clock] = [await temporaryFolder(t), await temporaryFolder(t), new TestClock()]
  const server = await start(t, { dataDir, clock, databaseUrl: `sqlite:${join(dataDir, 'doorward.db')}` })
  const root = await (await firstAdmin(server)).signsIn()
  const ended = root.token ?? ''
  await sql`pragma wal_checkpoint(truncate)`.execute(server.doorward.db)
  const { username } = root
  const used = { username, password: root.password + root.code() }
  assert.equal((await postToken(server, used)).status, 200)
  assert.equal((await root.asks('DELETE', '/session')).status, 204)
  // The chain writer also writes a checkpoint when it stops, and each hour.
  await newChainWriter(server.doorward).write(true)
  for (const file of FILES.filter((name) => !removed.includes(name)))
    copyFileSync(join(dataDir, file), join(left, file))
  const installation = { dataDir: left, clock, databaseUrl: `sqlite:${join(left, 'doorward.db')}` }
  const later = await start(t, { ...installation, expectedErrors: /older than its last audit checkpoint/ })
  return { later, ended, used, freshCode: () => root.password + root.code() }
}

async function whoAmI(server: Server, token: string): Promise<number> {
  return (await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } })).status
}

test('with the log removed, no ended session runs and no used code works, and the check-up and the log say why', async (t) => {
  const { later, ended, used, freshCode } = await crashed(t, ['doorward.db-wal'])
  assert.equal(await whoAmI(later, ended), 200, 'the files are not those of the threat')
  const rollback = await answerStateRollback(later.doorward)
  assert.match(rollback ?? '', /event \d+, recorded at 2026-06-01T/)
  assert.equal(await whoAmI(later, ended), 401)
  assert.equal((await postToken(later, used)).status, 401)

  later.clock.pass(seconds(60))
  const again = await postToken(later, { ...used, password: freshCode() })
  assert.equal(again.status, 200, again.raw.body)
  const { findings } = await checkUp(later.operator())
  assert.equal(findings.find(({ code }) => code === 'audit-checkpoint')?.level, 'failure')
  const { items } = await listEvents(later.operator(), { action: 'database.rolled_back', limit: 9 })
  assert.equal(items.length, 1)
  const errors = later.logLines.filter(({ level }) => level === 'error')
  assert.ok(errors.some(({ msg = '' }) => /older than its last audit checkpoint/.test(msg)))

  assert.equal(await answerStateRollback(later.doorward), undefined, 'once is enough')
  assert.equal(await whoAmI(later, String(again.body['access_token'])), 200)
})

leaveToTestAll()

test('with the write-ahead log in its place no session is revoked', async (t) => {
  const { later, ended, freshCode, used } = await crashed(t, [])
  later.clock.pass(seconds(30))
  const signedIn = await postToken(later, { ...used, password: freshCode() })
  assert.equal(await answerStateRollback(later.doorward), undefined)
  assert.equal(await whoAmI(later, String(signedIn.body['access_token'])), 200)
  assert.equal(await whoAmI(later, ended), 401)
})

test('the start says that the log was removed, once, and goes on; doctor keeps saying it', async (t) => {
  const dataDir = await temporaryFolder(t)
  const database = join(dataDir, 'doorward.db')
  const installation = { databaseUrl: `sqlite:${database}`, dataDir }
  const said =
    /The database is older than its last audit checkpoint: event \d+, recorded at .* audit verify .*shows what is missing/s
  const server = await startProcess(t, installation)
  assert.doesNotMatch(server.stderr(), said)
  await setUp(server)
  // The database without its write-ahead log, older than the checkpoint that is written at the stop.
  const withoutLog = join(dataDir, 'without-log.db')
  copyFileSync(database, withoutLog)
  assert.ok(statSync(`${database}-wal`).size > 0)
  await server.stop()
  for (const suffix of ['-wal', '-shm']) rmSync(database + suffix, { force: true })
  renameSync(withoutLog, database)

  const warned = await startProcess(t, installation)
  assert.match(warned.stderr(), said)
  await warned.stop()
  const quiet = await startProcess(t, installation)
  assert.doesNotMatch(quiet.stderr(), said)
  await quiet.stop()
  const doctor = await runCommand(t, ['doctor'], installation)
  assert.match(doctor.stdout, /✗ .*cut off or recomputed/)
})
