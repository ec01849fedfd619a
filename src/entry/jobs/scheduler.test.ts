// The scheduler of background jobs: one node runs a job, a failure is retried, and no job stops another.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { recordEvent } from '#domain/audit/audit.service.ts'
import type { Job } from '#foundation/job.ts'
import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { type JobRow, LEASE, leaseJob, selectJob } from '#foundation/platform/database/job-rows.ts'
import { migratedDatabaseUrl, onEachDatabase } from '#test/support/databases/each-database.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { TestTimers } from '#test/support/jobs.ts'
import { TestClock } from '#test/support/server/clock.ts'
import { type Server, start } from '#test/support/server/start.ts'
import { newJobs } from './jobs.ts'
import { retryDelay } from './run-job.ts'
import { startJobs } from './scheduler.ts'

const EVERY = minutes(10)

interface Counted extends Job {
  readonly runs: () => number
}

/** A job that counts its runs and then does the work. */
function counted(name: string, work: Job['run'] = () => Promise.resolve(), parts: Partial<Job> = {}): Counted {
  let count = 0
  const run: Job['run'] = (ctx, signal) => {
    count += 1
    return work(ctx, signal)
  }
  return { name, every: EVERY, ...parts, run, runs: () => count }
}

async function rowOf({ doorward }: Server, name: string): Promise<JobRow> {
  return (await selectJob(doorward.db, name)) ?? assert.fail(`no row of ${name}`)
}

/** Yields to the event loop between two checks; fails instead of waiting for ever. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000
  while (!(await isSo())) {
    assert.ok(performance.now() < deadline, `waited in vain for ${isSo.toString()}`)
    await nextTurn()
  }
}

/** A node with timers of its own. */
async function newNode(t: TestContext, options: Parameters<typeof start>[1] = {}) {
  const server = await start(t, options)
  return { server, timers: new TestTimers(server.clock) }
}

/** Two nodes on one database, with a clock and timers of their own. */
async function twoNodes(t: TestContext, dialect: Dialect) {
  const installation = { databaseUrl: await migratedDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
  const node = () => newNode(t, { ...installation, clock: new TestClock() })
  return [await node(), await node()] as const
}

onEachDatabase('of two nodes on which a job is due at the same time, one runs it', async (t, dialect) => {
  const nodes = await twoNodes(t, dialect)
  const released = Promise.withResolvers<void>()
  const job = counted('shared', () => released.promise)
  const running = nodes.map(({ server, timers }) => startJobs(server.doorward, [job], timers))
  for (const { timers } of nodes) timers.pass(EVERY)
  const [one, other] = nodes
  // The node that runs it waits to renew its lease, the other one until the lease may have ended.
  const waits = () => nodes.flatMap(({ timers }) => timers.delays()).toSorted((a, b) => a - b)
  await until(() => waits().length === 2)
  assert.deepEqual([job.runs(), waits()], [1, [LEASE / 3, LEASE]])
  released.resolve()
  await until(() => waits().includes(EVERY))
  for (const { timers } of nodes) timers.pass(LEASE)
  await until(() => waits().length === 2)
  assert.equal(job.runs(), 1, 'the other node saw that it had run')
  assert.equal((await rowOf(one.server, 'shared')).next_run_at, other.server.clock.now() + EVERY - LEASE)
  await Promise.all(running.map((jobs) => jobs.stop()))
})

onEachDatabase('a job of a node that died is run by another once the lease has ended', async (t, dialect) => {
  const [dead, alive] = await twoNodes(t, dialect)
  const job = counted('shared')
  const jobs = startJobs(alive.server.doorward, [job], alive.timers)
  await until(async () => (await selectJob(alive.server.doorward.db, 'shared')) !== undefined)
  dead.server.clock.pass(EVERY)
  const wish = { owner: 'dead', now: dead.server.clock.now(), force: false }
  assert.equal(await leaseJob(dead.server.doorward.db, job, wish), 0)
  alive.timers.pass(EVERY)
  await until(() => alive.timers.delays().length === 1)
  assert.deepEqual([job.runs(), alive.timers.delays()], [0, [LEASE]])
  alive.timers.pass(LEASE)
  await until(() => alive.timers.delays()[0] === EVERY)
  assert.equal(job.runs(), 1)
  await jobs.stop()
})

test('a lease is renewed while its job runs, and losing it aborts the run', async (t) => {
  const { server, timers } = await newNode(t)
  const { db } = server.doorward
  let isAborted = false
  const job = counted('long', async (_, signal) => {
    await once(signal, 'abort')
    isAborted = true
  })
  const jobs = startJobs(server.doorward, [job], timers)
  timers.pass(EVERY)
  await until(() => timers.delays()[0] === LEASE / 3)
  for (let renewal = 0; renewal < 4; renewal++) {
    timers.pass(LEASE / 3)
    const leasedUntil = server.clock.now() + LEASE
    await until(async () => (await rowOf(server, 'long')).lease_until === leasedUntil && timers.delays().length === 1)
  }
  await db.updateTable('job').set({ lease_owner: 'another' }).execute()
  timers.pass(LEASE / 3)
  await until(() => isAborted)
  await jobs.stop()
  assert.equal((await rowOf(server, 'long')).lease_owner, 'another')
})

test('a node whose clock is far ahead keeps no other node from running a job', async (t) => {
  const { server, timers } = await newNode(t)
  const job = counted('shared')
  const jobs = startJobs(server.doorward, [job], timers)
  await until(async () => (await selectJob(server.doorward.db, 'shared')) !== undefined)
  const ahead = server.clock.now() + days(60)
  await leaseJob(server.doorward.db, job, { owner: 'ahead', now: ahead, force: true })
  const row = { next_run_at: ahead + EVERY }
  await server.doorward.db.updateTable('job').set(row).execute()
  timers.pass(EVERY)
  await until(() => timers.delays()[0] === EVERY)
  assert.equal(job.runs(), 1)
  await jobs.stop()
})

onEachDatabase(
  'a job that fails is tried again sooner, is logged when that changes, and stops no other',
  async (t, dialect) => {
    const { server, timers } = await newNode(t, { dialect, expectedErrors: /^job failed; retrying$/ })
    let isBroken = true
    const failing = counted('failing', () =>
      isBroken ? Promise.reject(new Error('no dwl_secretsecret here')) : Promise.resolve(),
    )
    const sound = counted('sound')
    const jobs = startJobs(server.doorward, [failing, sound], timers)
    const idle = () => until(() => timers.delays().length === 2 && !timers.delays().includes(LEASE / 3))
    timers.pass(EVERY)
    await idle()
    assert.deepEqual([failing.runs(), sound.runs()], [1, 1])
    const [retry = 0] = timers.delays()
    assert.ok(retry <= seconds(1), `tried again in ${retry} ms`)
    timers.pass(retry)
    await idle()
    const { failures, last_error, last_outcome } = await rowOf(server, 'failing')
    assert.deepEqual([failing.runs(), failures, last_outcome, last_error], [2, 2, 'failed', 'no [secret] here'])
    isBroken = false
    timers.pass(seconds(2))
    await until(async () => (await rowOf(server, 'failing')).last_outcome === 'succeeded')
    await jobs.stop()
    assert.deepEqual([(await rowOf(server, 'failing')).failures, sound.runs()], [0, 1])
    assert.deepEqual(
      server.logLines.filter(({ msg = '' }) => msg.startsWith('job ')).map((line) => [line.msg, line['job']]),
      [
        ['job failed; retrying', 'failing'],
        ['job succeeded again', 'failing'],
      ],
    )
  },
)

test('the wait after a failure is random up to a bound that doubles, and never longer than the interval', () => {
  const job = { every: minutes(10) }
  const bounds = [1, 2, 3, 4, 10, 11, 2000].map((failures) => retryDelay(job, failures, 1))
  assert.deepEqual(bounds, [1, 2, 4, 8, 512, 600, 600].map(seconds))
  assert.deepEqual([retryDelay(job, 5, 0), retryDelay(job, 5, 0.5)], [0, seconds(8)])
  assert.equal(retryDelay({ ...job, retry: seconds(30) }, 1, 1), seconds(30))
})

test('a few jobs run at once, and the others as soon as one of them ends', async (t) => {
  const { server, timers } = await newNode(t)
  const released = Promise.withResolvers<void>()
  const slow = ['a', 'b', 'c', 'd', 'e'].map((name) => counted(name, () => released.promise))
  const jobs = startJobs(server.doorward, slow, timers)
  const runs = () => slow.reduce((sum, job) => sum + job.runs(), 0)
  timers.pass(EVERY)
  await until(() => runs() === 3 && timers.delays().length === 3)
  for (let turn = 0; turn < 20; turn++) await nextTurn()
  assert.equal(runs(), 3)
  released.resolve()
  await until(() => runs() === 5)
  await jobs.stop()
})

test('stopping aborts a run, which stays as due as before, and waits for it no longer than for requests', async (t) => {
  const { server, timers } = await newNode(t)
  const stubborn = Promise.withResolvers<void>()
  const willing = counted('willing', (_, signal) => once(signal, 'abort'))
  const deaf = counted('deaf', () => stubborn.promise)
  const jobs = startJobs(server.doorward, [willing, deaf], timers)
  timers.pass(EVERY)
  await until(() => willing.runs() + deaf.runs() === 2)
  const due = (await rowOf(server, 'willing')).next_run_at
  let hasStopped = false
  void jobs.stop().then(() => (hasStopped = true))
  await until(async () => (await rowOf(server, 'willing')).last_outcome === 'stopped')
  const { next_run_at, lease_owner } = await rowOf(server, 'willing')
  assert.deepEqual([next_run_at, lease_owner, hasStopped], [due, null, false])
  timers.pass(server.doorward.config.shutdownGrace)
  await until(() => hasStopped)
  stubborn.resolve()
  await until(async () => (await rowOf(server, 'deaf')).last_outcome === 'stopped')
})

onEachDatabase(
  'events are chained within a second by every node, without a lease, and at the very end once more',
  async (t, dialect) => {
    const statements: string[] = []
    const { server, timers } = await newNode(t, { dialect, onStatement: (text) => statements.push(text) })
    const { db } = server.doorward
    const chainWriter = newJobs().filter(({ name }) => name === 'audit-chain')
    const jobs = startJobs(server.doorward, chainWriter, timers)
    const pending = async () =>
      (await db.selectFrom('audit_event').select('id').where('position', 'is', null).execute()).length
    const turn = async (): Promise<void> => {
      timers.pass(500)
      await until(() => timers.delays()[0] === 500)
    }
    await turn()
    const row = await rowOf(server, 'audit-chain')
    assert.deepEqual([row.last_outcome, row.lease_owner], ['succeeded', null])
    await recordEvent(server.operator(), { action: 'user.created' })
    await turn()
    assert.equal(await pending(), 0)

    statements.length = 0
    for (let half = 0; half < 240; half++) await turn()
    const written = statements.filter((text) => !text.startsWith('select'))
    assert.deepEqual(
      [written.filter((text) => /insert into "job"/.test(text)).length, statements.length <= 4 * 240],
      [2, true],
      'in two minutes without events its outcome is stored twice',
    )
    await jobs.stop()
    await recordEvent(server.operator(), { action: 'user.created' })
    await jobs.runLast()
    assert.equal(await pending(), 0)
    assert.deepEqual(timers.delays(), [])
  },
)

test('between two runs the jobs with a lease do not query the database', async (t) => {
  const statements: string[] = []
  const { server, timers } = await newNode(t, { onStatement: (text) => statements.push(text) })
  const leased = newJobs().filter(({ onEveryNode, every }) => !onEveryNode && every === EVERY)
  const jobs = startJobs(server.doorward, leased, timers)
  await until(() => timers.delays().filter((delay) => delay === EVERY).length === leased.length)
  statements.length = 0
  for (let minute = 0; minute < 9; minute++) {
    timers.pass(minutes(1))
    await nextTurn()
  }
  await jobs.stop()
  assert.deepEqual(statements, [])
})

test('an unreliable clock is logged once, and again only after it was reliable', async (t) => {
  const { server, timers } = await newNode(t)
  const deleting = newJobs().filter(({ needsSteadyClock, every }) => needsSteadyClock && every === EVERY)
  const jobs = startJobs(server.doorward, deleting, timers)
  const idle = () => until(() => timers.delays().filter((delay) => delay === EVERY).length === deleting.length)
  const warnings = () =>
    server.logLines.filter(({ msg = '' }) => msg.startsWith('nothing is deleted by the clock')).length
  const mistake = [days(1), -days(1)]
  for (const [jumps, expected] of [
    [mistake, 1],
    [mistake, 1],
    [[], 1],
    [mistake, 2],
  ] as const) {
    timers.pass(EVERY - 1)
    for (const by of jumps) server.clock.jump(by)
    timers.pass(1)
    await idle()
    assert.equal(warnings(), expected)
  }
  await jobs.stop()
})
