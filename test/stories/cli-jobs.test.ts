// What the operator sees of the background jobs: on the command line, by doctor and on the check-up.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { openAttempt } from '#domain/attempts/attempt.service.ts'
import { newJobs } from '#entry/jobs/jobs.ts'
import { startJobs } from '#entry/jobs/scheduler.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { leaseJob } from '#foundation/platform/database/job-rows.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { TestTimers } from '../support/jobs.ts'
import { type Person, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, type Run, runner } from '../support/server/command-line.ts'
import type { Server } from '../support/server/start.ts'

interface Finding {
  readonly code: string
  readonly level: string
  readonly sentence: string
}

interface Scene {
  readonly server: Server
  readonly root: Person
  readonly run: Run
}

/** A server with a row for each job, and the time of the commands. */
async function scene(t: TestContext, dialect: Dialect): Promise<Scene> {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  await startJobs(server.doorward, newJobs(), new TestTimers(server.clock)).stop()
  return { server, root, run: runner(t, server) }
}

leaveToTestAll()

onEitherDatabase('the operator lists the jobs, and runs one before its time', async (t, dialect) => {
  const { server, run } = await scene(t, dialect)
  const { db } = server.doorward
  const ctx = server.operator()
  const begun = { ...ctx, now: ctx.now - days(1) }
  await openAttempt(begun, { purpose: 'sign-in', stage: 'enrolment', subject: 'ada', epoch: 0, methods: ['password'] })
  const ended = () => db.selectFrom('attempt').select('id').where('expires_at', '<', ctx.now).execute()
  assert.equal((await ended()).length, 1)

  const items = outputIn(await run('jobs', 'list', '--json'))['items'] as Record<string, unknown>[]
  assert.deepEqual(
    items.map((item) => item['name']),
    newJobs()
      .map(({ name }) => name)
      .toSorted(),
  )
  const { next_run_at: _, ...job } = items.find((item) => item['name'] === 'expired-attempts') ?? {}
  assert.deepEqual(job, {
    name: 'expired-attempts',
    interval_seconds: 600,
    is_running: false,
    last_started_at: null,
    last_finished_at: null,
    last_outcome: null,
    last_error: null,
    failures: 0,
  })
  const ran = outputIn(await run('jobs', 'run', 'expired-attempts', '--json'))
  assert.deepEqual([ran['last_outcome'], ran['failures']], ['succeeded', 0])
  assert.deepEqual(await ended(), [])
  // The job logs the checkpoint that it writes.
  assert.equal((await run('jobs', 'run', 'audit-chain')).code, 0)
  const pending = db.selectFrom('audit_event').select('id').where('position', 'is', null)
  assert.deepEqual(await pending.execute(), [])
  const table = (await run('jobs', 'list')).stdout
  assert.deepEqual(
    table.split('\n').filter((line) => Array.from(line).length > 100 || line.startsWith(' ')),
    [],
    'a job needs more than a line of 100 columns',
  )
  assert.match(table, /\nexpired-attempts +10 minutes .* succeeded +\d+\.\d s /)
})

onEitherDatabase(
  'a job that is unknown, that a server runs or that fails ends the command with 3, 8 or 1',
  async (t, dialect) => {
    const { server, run } = await scene(t, dialect)
    const { db } = server.doorward
    assert.deepEqual(failureIn(await run('jobs', 'run', 'housework', '--json')), [3, 'job.unknown'])
    const job = { name: 'user-counts', every: minutes(10) }
    assert.equal(await leaseJob(db, job, { owner: 'node', now: Date.now(), force: true }), 0)
    assert.deepEqual(failureIn(await run('jobs', 'run', 'user-counts', '--json')), [8, 'job.running'])
    await db.schema.alterTable('attempt').renameTo('attempt_away').execute()
    assert.deepEqual(failureIn(await run('jobs', 'run', 'expired-attempts', '--json')), [1, 'job.failed'])
    const { failures, last_error: error } = await db
      .selectFrom('job')
      .selectAll()
      .where('name', '=', 'expired-attempts')
      .executeTakeFirstOrThrow()
    assert.equal(failures, 1)
    assert.match(error ?? '', /attempt/)
  },
)

test('doctor and the check-up warn of a job that fails, and of one that is overdue', async (t) => {
  const { server, root, run } = await scene(t, 'sqlite')
  const { db } = server.doorward
  const jobFindings = (findings: unknown): [level: string, sentence: string][] =>
    (findings as Finding[]).filter(({ code }) => code === 'jobs').map(({ level, sentence }) => [level, sentence])
  const found = async () => {
    const said = jobFindings(
      (JSON.parse((await run('doctor', '--json')).stdout) as Record<string, unknown>)['findings'],
    )
    const shown = jobFindings((await root.asks('GET', '/checkup')).body['findings'])
    assert.equal(said.length, shown.length)
    return said
  }
  assert.deepEqual(await found(), [['ok', 'All background jobs are on schedule.']])
  await db.updateTable('job').set({ failures: 3 }).where('name', '=', 'expired-links').execute()
  const late = Date.now() - minutes(21)
  await db.updateTable('job').set({ next_run_at: late }).where('name', '=', 'user-counts').execute()
  const warnings = await found()
  assert.deepEqual(warnings[0], [
    'warning',
    'The background job expired-links failed 3 times in a row. The server will retry.',
  ])
  assert.match(
    JSON.stringify(warnings[1]),
    /"warning","The background job user-counts is overdue. It should have run 21 minutes/,
  )
  await startJobs(server.doorward, newJobs(), new TestTimers(server.clock)).stop()
  assert.deepEqual((await found()).length, 1, 'a server that starts has an interval to catch up')
})
