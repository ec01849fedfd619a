// A machine's clock is a day ahead for a while, then right again: users stay signed in, and no one-time value is accepted twice.
// Some claims are tested on SQLite only, because PostgreSQL has a clock of its own, which a test cannot move.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { openAttempt, readAttempt } from '#domain/attempts/attempt.service.ts'
import { issueChallenge } from '#domain/factors/passkeys/challenge.service.ts'
import { issueLink, readLink } from '#domain/links/link.service.ts'
import { sessionPolicy } from '#domain/policies/policy.service.ts'
import { listSessions } from '#domain/sessions/session.service.ts'
import { newJobs } from '#entry/jobs/jobs.ts'
import { listenToJumps } from '#entry/jobs/jump-listener.ts'
import { STEADY_FOR } from '#entry/jobs/run-job.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { CLOCK_TOLERANCE, days, type Duration, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { CORRECTED_WITHIN, FOLLOWED_AFTER } from '#foundation/platform/clock.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { migratedDatabaseUrl, onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { runJobs, runJobsAtAnyTime } from '../support/jobs.ts'
import { ask, firstAdmin, PASSWORD, type Person, postToken, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Moved } from '../support/server/moved-clock.ts'
import { type Installation, startProcess } from '../support/server/processes.ts'
import {
  earlierToday,
  type ServerClient,
  signIn,
  type SignInData,
  signInDataOf,
} from '../support/server/server-client.ts'
import { type Server, start } from '../support/server/start.ts'

interface Scene {
  readonly server: Server
  readonly root: Person
  /** Sets the clock ahead by that much, until the product follows it. */
  readonly ahead: (by: Duration) => void
  /** Sets the clock right again, and waits until the product has corrected what depends on it. */
  readonly right: (by: Duration) => Promise<void>
}

async function sceneOn(t: TestContext, dialect: Dialect): Promise<Scene> {
  const { server, root } = await startWithAdmin(t, { dialect })
  const { clock } = server
  const ahead = (by: Duration): void => {
    clock.jump(by)
    clock.pass(FOLLOWED_AFTER)
    clock.now()
  }
  const right = async (by: Duration): Promise<void> => {
    const jumps = listenToJumps(server.doorward, newJobs())
    clock.jump(-by)
    await jumps.stop()
    // The test's time is not PostgreSQL's, so the correction is left to the next run of the jobs.
    if (dialect === 'postgres') await runJobsAtAnyTime(server.doorward)
  }
  return { server, root, ahead, right }
}

async function statusOf(person: Person): Promise<number> {
  return (await person.asks('GET', '/users/me')).status
}

async function signInWith({ server, username }: Person, totp: string): Promise<number> {
  return (await postToken(server, { username, password: PASSWORD, totp })).status
}

onEitherDatabase(
  'after a clock jump of a day present codes are accepted, each once, and a code used during the jump is refused on its own day',
  async (t, dialect) => {
    const { server, root, ahead, right } = await sceneOn(t, dialect)
    const { clock } = server
    const { authenticator } = root
    ahead(days(1))
    const [early, last] = [authenticator.code(clock.now()), authenticator.code(clock.now(), 1)]
    assert.deepEqual([await signInWith(root, early), await signInWith(root, last)], [200, 200])
    await right(days(1))
    clock.pass(seconds(30))
    for (let step = 0; step < 3; step++) {
      const code = authenticator.code(clock.now())
      assert.deepEqual([await signInWith(root, code), await signInWith(root, code)], [200, 401])
      clock.pass(seconds(30))
    }
    clock.pass(days(1) - minutes(2))
    assert.deepEqual([await signInWith(root, early), await signInWith(root, last)], [401, 401])
    clock.pass(minutes(1))
    assert.equal(await signInWith(root, authenticator.code(clock.now())), 200)
  },
)

leaveToTestAll()

onEitherDatabase('a drift hint given while the clock was ahead does not stop a later hint', async (t, dialect) => {
  const { server, root, ahead, right } = await sceneOn(t, dialect)
  const { clock } = server
  const outcomeOf = async (proof: string): Promise<unknown> => {
    const payload = { username: root.username, password: PASSWORD, code: proof }
    return (await ask(server, 'POST', '/attempts', { payload })).body['code']
  }
  ahead(days(1))
  const early = root.authenticator.code(clock.now() + minutes(10))
  assert.equal(await outcomeOf(early), 'attempt.clock_drift')
  await right(days(1))
  assert.equal(await outcomeOf(root.authenticator.code(clock.now() + minutes(10))), 'attempt.clock_drift')
  clock.pass(days(1) + minutes(10))
  assert.equal(await signInWith(root, early), 401)
})

onEitherDatabase(
  'a user who signed in before a clock jump of a day is still signed in after it, although the jobs ran meanwhile',
  async (t, dialect) => {
    const { server, root, ahead, right } = await sceneOn(t, dialect)
    ahead(days(40))
    assert.equal(await statusOf(root), 401)
    await runJobs(server.doorward)
    await right(days(40))
    assert.equal(await statusOf(root), 200)
  },
)

onEitherDatabase(
  'a session used while the clock was half an hour ahead stays open, and ends an hour after its last real use',
  async (t, dialect) => {
    const { server, root, ahead, right } = await sceneOn(t, dialect)
    const { clock } = server
    ahead(minutes(30))
    assert.equal(await statusOf(root), 200)
    await seenAt(root, clock.now())
    await right(minutes(30))
    assert.equal(await statusOf(root), 200)
    await seenAt(root, clock.now())
    clock.pass(hours(1))
    assert.equal(await statusOf(root), 401)
  },
)

/** Waits until the use is recorded, which happens after the answer. */
async function seenAt({ server }: Person, at: number): Promise<void> {
  const { db } = server.doorward
  const noted = () => db.selectFrom('session').select('id').where('last_seen_at', '=', at).execute()
  for (let asked = 0; (await noted()).length === 0; asked++) {
    assert.ok(asked < 6000, 'the use was not noted')
    await sleep(10)
  }
}

onEitherDatabase(
  'a session that began a day ahead lasts as long as any, and its authentication is no longer recent',
  async (t, dialect) => {
    const { server, root, ahead, right } = await sceneOn(t, dialect)
    const { clock, doorward } = server
    ahead(days(1))
    await root.signsIn()
    const { subject } = await doorward.db.selectFrom('users').select('subject').executeTakeFirstOrThrow()
    const ends = async () => {
      const sessions = await listSessions(server.operator(), subject, sessionPolicy(server.operator()))
      return sessions.map(
        ({ startedAt, lastSeenAt, authenticatedAt }) => Math.max(startedAt, lastSeenAt, authenticatedAt) - clock.now(),
      )
    }
    await right(days(1))
    assert.ok((await ends()).every((left) => left <= 0))
    const sensitive = async () => (await root.asks('POST', '/users', { username: `u${clock.now()}` })).status
    const guarded = async () => (await root.asks('POST', '/users/me/recovery-codes', {})).status
    assert.equal(await sensitive(), 200)
    assert.equal(await guarded(), 401)
    clock.pass(seconds(30))
    const code = root.authenticator.code(clock.now())
    assert.equal((await root.asks('POST', '/session/proof', { password: PASSWORD, code })).status, 200)
    assert.equal(await guarded(), 200)
    clock.pass(hours(1))
    assert.equal(await statusOf(root), 401)
  },
)

test('a mistaken jump back, long after a machine slept, ends no session, link or attempt once it is corrected', async (t) => {
  const { server, root, ahead, right } = await sceneOn(t, 'sqlite')
  ahead(days(1))
  server.clock.pass(CORRECTED_WITHIN)
  await root.signsIn()
  await right(days(1))
  ahead(days(1))
  assert.equal(await statusOf(root), 200)
})

for (const [what, cut] of [
  ['is used', false],
  ['is cut', true],
] as const) {
  onEitherDatabase(`a re-authentication in the future is dropped once its session ${what}`, async (t, dialect) => {
    const { server, root, ahead, right } = await sceneOn(t, dialect)
    const { clock } = server
    const guarded = async () => (await root.asks('POST', '/users/me/recovery-codes', {})).status
    ahead(minutes(30))
    const given = { password: PASSWORD, code: root.authenticator.code(clock.now()) }
    assert.equal((await root.asks('POST', '/session/proof', given)).status, 200)
    assert.equal(await guarded(), 200)
    await seenAt(root, clock.now())
    if (cut) await right(minutes(30))
    else clock.jump(-minutes(30))
    if (!cut) assert.equal(await statusOf(root), 200)
    if (!cut) await seenAt(root, clock.now())
    clock.pass(minutes(31))
    assert.equal(await guarded(), 401)
    assert.equal(await statusOf(root), 200)
  })
}

onEitherDatabase(
  'an authentication time in the future does not count, before the clock is corrected',
  async (t, dialect) => {
    const { server, root, ahead } = await sceneOn(t, dialect)
    ahead(days(1))
    await root.signsIn()
    server.clock.jump(-days(1))
    assert.equal((await root.asks('POST', '/users/me/recovery-codes', {})).status, 401)
    assert.equal(await statusOf(root), 200)
  },
)

onEitherDatabase(
  'links, attempts, challenges and blocks made a day ahead last their usual time from the correction on',
  async (t, dialect) => {
    const { server, root, ahead, right } = await sceneOn(t, dialect)
    const { clock, doorward } = server
    ahead(days(1))
    const ctx = server.operator()
    const { user } = await createUser(ctx, { username: 'ada' })
    const { subject, credentialEpoch: epoch } = user
    const { token } = await issueLink(ctx, { purpose: 'invitation', subject, epoch, lifetime: hours(2) })
    const { attempt } = await openAttempt(ctx, {
      purpose: 'sign-in',
      stage: 'enrolment',
      subject,
      epoch,
      methods: ['password'],
    })
    await issueChallenge(ctx, { purpose: 'sign-in', subject: null, boundTo: null })
    for (let wrong = 0; wrong < 5; wrong++) await signInWith(root, '000000')
    assert.equal(await signInWith(root, '000000'), 429)
    await right(days(1))
    const reads = async (after: Duration, read: () => Promise<unknown>): Promise<string> => {
      clock.pass(after)
      return read().then(
        () => 'live',
        (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
      )
    }
    const wait = await postToken(server, { username: 'root', password: PASSWORD, totp: '000000' })
    assert.deepEqual([wait.status, wait.raw.headers['retry-after']], [429, '30'])
    const challenge = await doorward.db.selectFrom('passkey_challenge').select('expires_at').executeTakeFirstOrThrow()
    assert.equal(challenge.expires_at, clock.now() + minutes(5))
    const lifetime = doorward.config.attemptLifetime
    assert.equal(await reads(lifetime - 1, () => readAttempt(server.operator(), attempt)), 'live')
    assert.equal(await reads(1, () => readAttempt(server.operator(), attempt)), 'attempt.ended')
    assert.equal(await reads(hours(2) - lifetime - 1, () => readLink(server.operator(), token, 'invitation')), 'live')
    assert.equal(await reads(1, () => readLink(server.operator(), token, 'invitation')), 'link.expired')
    assert.equal(await signInWith(root, root.code()), 200)
  },
)

test('a process that never saw the clock ahead corrects the timestamps of that time, once it has run for a while', async (t) => {
  const { server, root, ahead } = await sceneOn(t, 'sqlite')
  ahead(days(1))
  await root.signsIn()
  const later = await start(t, { ...server, clock: server.clock })
  server.clock.jump(-days(1))
  const started = async () => {
    const rows = await later.doorward.db.selectFrom('session').select('started_at').execute()
    return Math.max(...rows.map((row) => row.started_at)) - later.clock.now()
  }
  await runJobs(later.doorward)
  assert.ok((await started()) > hours(23), 'the clock has not been steady')
  later.clock.pass(STEADY_FOR)
  await runJobs(later.doorward)
  assert.equal(await started(), 0)
})

onEitherDatabase(
  'a clock that was a day behind for a while ends no session and shortens no link',
  async (t, dialect) => {
    const { server, root } = await sceneOn(t, dialect)
    const { clock, doorward } = server
    const stamps = () => doorward.db.selectFrom('session').select(['started_at', 'last_seen_at']).execute()
    const before = await stamps()
    const jumps = listenToJumps(doorward, newJobs())
    clock.jump(-days(1))
    clock.pass(STEADY_FOR - 1)
    await runJobs(doorward)
    clock.jump(days(1))
    clock.pass(FOLLOWED_AFTER)
    await runJobs(doorward)
    await jumps.stop()
    assert.deepEqual(await stamps(), before)
    assert.equal(await statusOf(root), 200)
  },
)

test('nothing is deleted by the clock until it has been steady for ten minutes after a jump', async (t) => {
  const { server, ahead } = await sceneOn(t, 'sqlite')
  const { clock, doorward } = server
  const sessions = async () => (await doorward.db.selectFrom('session').select('id').execute()).length
  const before = await sessions()
  ahead(days(60))
  clock.pass(STEADY_FOR - 1)
  assert.equal((await runJobs(doorward))['expired-sessions'], 'clock-not-steady')
  assert.equal(await sessions(), before)
  clock.pass(1)
  await runJobs(doorward)
  assert.equal(await sessions(), 0)
})

onEachDatabase('each jump of the clock is logged and noted with its size', async (t, dialect) => {
  const { server, ahead } = await sceneOn(t, dialect)
  const { clock, doorward } = server
  const jumps = listenToJumps(doorward, newJobs())
  ahead(days(1))
  clock.jump(-days(1))
  clock.jump(hours(1))
  clock.jump(-hours(1))
  clock.jump(CLOCK_TOLERANCE)
  await jumps.stop()
  const said = server.logLines.filter(({ msg = '' }) => msg.startsWith('machine clock'))
  const sizes = [days(1), days(1), -days(1), hours(1), -hours(1)]
  assert.deepEqual(
    said.map((line) => line['milliseconds']),
    sizes,
  )
  const rows = await doorward.db.selectFrom('clock_jump').select('moved_by').orderBy('id').execute()
  assert.deepEqual(
    rows.map((row) => row.moved_by),
    sizes.slice(1),
  )
})

interface Machine {
  readonly installation: Installation
  readonly person: Person
  readonly root: SignInData
  /** Moves the clocks of the process: how far the wall clock is set, and how much time has passed. */
  readonly move: (moved: Moved) => Promise<void>
}

async function machine(t: TestContext): Promise<Machine> {
  const dataDir = await temporaryFolder(t)
  const at = { databaseUrl: await migratedDatabaseUrl(t, 'sqlite'), dataDir }
  let person: Person | undefined
  await t.test('a user is set up', async (inner) => {
    person = await firstAdmin(await start(inner, { ...at, clock: earlierToday() }))
  })
  assert.ok(person, 'no user was set up')
  const move = (moved: Moved) => writeFile(join(dataDir, 'moved-clock.json'), JSON.stringify(moved))
  await move({ set: 0, passed: 0 })
  const flags = ['--import', join(import.meta.dirname, '..', 'support', 'server', 'moved-clock.ts')]
  return { installation: { ...at, flags }, person, root: signInDataOf(person), move }
}

test('a real process whose clock jumps a day ahead and back is right again at once, and after a restart', async (t) => {
  const { installation, person, root, move } = await machine(t)
  const node = await startProcess(t, installation)
  const ready = async () => (await node.ask('GET', '/readyz')).status
  const whoAmI = async (token: string) => (await node.ask('GET', '/users/me', { token })).status
  const uses = async (client: ServerClient, code: string) => {
    const form = { username: root.username, password: root.password, totp: code }
    return (await client.ask('POST', '/token', { form })).status
  }
  const token = await signIn(node, root)
  await move({ set: days(1), passed: 0 })
  assert.deepEqual([await ready(), await whoAmI(token)], [503, 200], 'the jump is not followed yet')
  await move({ set: days(1), passed: FOLLOWED_AFTER })
  assert.equal(await whoAmI(token), 401, 'the jump is followed')
  // An event that waits to be chained at this moment appears to have waited for a day.
  for (let asked = 0; asked < 600 && (await ready()) !== 200; asked++) await sleep(50)
  assert.equal(await ready(), 200)
  const early = person.authenticator.code(Date.now() + days(1) + FOLLOWED_AFTER)
  assert.equal(await uses(node, early), 200)
  await move({ set: 0, passed: FOLLOWED_AFTER })
  assert.deepEqual([await ready(), await whoAmI(token)], [200, 200], 'the clock is right')
  const now = () => Date.now() + FOLLOWED_AFTER
  const right = await root.codes.fresh({ now })
  assert.deepEqual([await uses(node, right), await uses(node, right), await uses(node, early)], [200, 401, 401])
  const { stdout } = await node.stop()
  for (const said of [/jumped ahead/, /stayed ahead/, /jumped back/]) assert.match(stdout, said)
  const again = await startProcess(t, installation)
  assert.equal(await uses(again, await root.codes.fresh({ now })), 200)
})
