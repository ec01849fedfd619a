import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { issueApiToken } from '#domain/api-tokens/api-token.service.ts'
import { openAttempt } from '#domain/attempts/attempt.service.ts'
import { issueChallenge } from '#domain/factors/passkeys/challenge.service.ts'
import { beginTotp } from '#domain/factors/totp/totp.service.ts'
import { issueHostCode, startHostSession } from '#domain/hosts/host-session.service.ts'
import { NEW_HOST } from '#domain/hosts/host.ts'
import { rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import { consumeGuess } from '#domain/throttle/throttle.service.ts'
import { countUsers } from '#domain/users/user-count.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, type Instant, minutes } from '#foundation/kernel/time.ts'
import { FOLLOWED_AFTER } from '#foundation/platform/clock.ts'
import { runJobs, runJobsAtAnyTime, TestTimers } from '#test/support/jobs.ts'
import { grantIn, issueIn } from '#test/support/people/grants.ts'
import { signedInAs } from '#test/support/people/principals.ts'
import { TestClock } from '#test/support/server/clock.ts'
import { type Server, start } from '#test/support/server/start.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { newJobs } from './jobs.ts'
import { listenToJumps } from './jump-listener.ts'
import { startJobs } from './scheduler.ts'

const CLEANED = [
  'attempt',
  'link',
  'session',
  'totp_factor',
  'throttle_bucket',
  'passkey_challenge',
  'api_token',
  'remembered_device',
  'client_session',
  'client_grant',
  'client_token',
  'host_session',
  'host_code',
] as const
const ONE_OF_EACH = CLEANED.map(() => 1)
const NOTHING = CLEANED.map(() => 0)

async function countIn({ doorward }: Server, table: (typeof CLEANED)[number]): Promise<number> {
  return (await doorward.db.selectFrom(table).selectAll().execute()).length
}

function countsIn(server: Server): Promise<number[]> {
  return Promise.all(CLEANED.map((table) => countIn(server, table)))
}

/** Inserts one row of each kind that expires. */
async function insertExpiringRows(server: Server): Promise<void> {
  const ctx = server.operator()
  const { user } = await createUser(ctx, { username: 'ada' })
  const { subject, username, credentialEpoch: epoch } = user
  await openAttempt(ctx, { purpose: 'sign-in', stage: 'enrolment', subject, epoch, methods: ['password'] })
  await beginTotp(ctx, { subject, username })
  const signedIn = await signedInAs(ctx, user)
  const { grantId } = await grantIn(signedIn)
  await issueIn(signedIn, grantId, { kind: 'access' })
  await consumeGuess(ctx, { network: '192.0.2.1', buckets: [] })
  const { principal } = signedIn
  const host = { ...NEW_HOST, id: 'host', createdAt: ctx.now, createdBy: null, revision: 1 }
  await issueHostCode(ctx, { host, session: principal.session, subject, leaving: 'digest' })
  await inTransaction(ctx, (tx) => startHostSession(tx, { host, sessionId: principal.session.id, subject }))
  await issueChallenge(ctx, { purpose: 'sign-in', subject: null, boundTo: null })
  const wanted = { name: 'Script', scopes: ['self:read'], expiresAt: ctx.now + days(1) } as const
  await inTransaction(ctx, (tx) => rememberDevice(tx, user, days(1)))
  await inTransaction(ctx, (tx) => issueApiToken(tx, { ...user, secondFactorAt: ctx.now }, wanted, true))
}

for (const dialect of ['sqlite', 'postgres'] as const) {
  test(`the jobs delete rows that expired long ago and no others (${dialect})`, async (t) => {
    const server = await start(t, { dialect })
    await insertExpiringRows(server)
    await runJobsAtAnyTime(server.doorward)
    assert.deepEqual(await countsIn(server), ONE_OF_EACH)
    server.clock.pass(days(60))
    await runJobsAtAnyTime(server.doorward)
    assert.deepEqual(await countsIn(server), NOTHING)
  })
}

test('expired rows are deleted ten minutes after the start and every ten minutes, until the server stops', async (t) => {
  const server = await start(t)
  await insertExpiringRows(server)
  server.clock.pass(days(60))
  const timers = new TestTimers(server.clock)
  const deleting = newJobs().filter(({ needsSteadyClock, every }) => needsSteadyClock && every === minutes(10))
  const jobs = startJobs(server.doorward, deleting, timers)
  const isIdle = (): boolean => timers.delays().filter((delay) => delay === minutes(10)).length === deleting.length
  timers.pass(minutes(10) - 1)
  assert.deepEqual(await countsIn(server), ONE_OF_EACH)
  timers.pass(1)
  while (!isIdle()) await nextTurn()
  assert.deepEqual(await countsIn(server), NOTHING)
  await consumeGuess(server.operator(), { network: '192.0.2.1', buckets: [] })
  server.clock.pass(days(60))
  await jobs.stop()
  timers.pass(minutes(10))
  assert.equal(await countIn(server, 'throttle_bucket'), 1)
})

test('a node whose clock differs from that of PostgreSQL deletes nothing, and counts users all the same', async (t) => {
  const server = await start(t, { dialect: 'postgres', clock: new TestClock(Date.now() + days(60)) })
  await insertExpiringRows(server)
  const { db } = server.doorward
  await db.updateTable('attempt').set({ expires_at: 0 }).execute()
  const { counts } = await countUsers({ db })
  await db.deleteFrom('user_count').execute()
  await runJobs(server.doorward)
  assert.equal(await countIn(server, 'attempt'), 1)
  assert.ok(counts.total > 0)
  assert.deepEqual((await countUsers({ db })).counts, counts)
  const right = await start(t, { ...server, clock: new TestClock(Date.now()) })
  await runJobs(right.doorward)
  assert.equal(await countIn(server, 'attempt'), 0)
})

for (const [what, off, cut] of [
  ['agrees with PostgreSQL’s', 0, true],
  ['differs from PostgreSQL’s', minutes(1), false],
] as const) {
  const done = cut ? 'clamps at once the timestamps written meanwhile' : 'leaves the timestamps of all nodes unchanged'
  test(`a clock that is put right and ${what} ${done}`, async (t) => {
    const server = await start(t, { dialect: 'postgres' })
    // After `FOLLOWED_AFTER` this clock differs from the database's by `off`.
    const clock = new TestClock(Date.now() - FOLLOWED_AFTER + off)
    const node = await start(t, { ...server, clock })
    clock.jump(days(1))
    clock.pass(FOLLOWED_AFTER)
    await insertExpiringRows(node)
    const began = async (): Promise<Instant> => {
      const sessions = node.doorward.db.selectFrom('session').select('started_at')
      return (await sessions.executeTakeFirstOrThrow()).started_at
    }
    assert.ok((await began()) - Date.now() > minutes(30))
    const jumps = listenToJumps(node.doorward, newJobs())
    // Compensates for the real time that the steps above took.
    clock.pass(Date.now() + off + days(1) - clock.now())
    clock.jump(-days(1))
    await jumps.stop()
    assert.equal((await began()) - Date.now() < minutes(30), cut)
  })
}
