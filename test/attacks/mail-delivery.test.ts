// Two nodes send the mails of one outbox: each once, and with nodes that are killed each at least once. A recipient whose server hangs
// delays no other mail for long, and a node with a wrong clock ends none.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { mailDeliveryJob } from '#domain/mail/delivery.job.ts'
import { leaseMail } from '#domain/mail/delivery.queries.ts'
import { queueMail } from '#domain/mail/mail.service.ts'
import { LANES, MAIL_LEASE } from '#domain/mail/outbox.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import { startJobs } from '#entry/jobs/scheduler.ts'
import { inTransaction } from '#foundation/context.ts'
import type { Job } from '#foundation/job.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { MAIL_CONNECTIONS } from '#foundation/platform/mailer/mailer.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { TestTimers } from '../support/jobs.ts'
import { queueMailWithLink, queueTestMail } from '../support/mail/queued-mails.ts'
import { deliverQueuedMails, startSmtpServer, type TestSmtpServer } from '../support/mail/smtp-server.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { twoEmptyNodes } from '../support/server/nodes.ts'
import { type Installation, startProcess } from '../support/server/processes.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

/** So many that each kind of process and of lane has some to send. */
const MAILS = 200
/** Where nodes are killed in between. */
const MANY_MAILS = 500
const KILLS = 5

/** Queues mails to different recipients, in the transactions of a few changes. */
async function queueMany(server: Server, mails: number): Promise<void> {
  for (let from = 0; from < mails; from += 100) {
    await inTransaction(server.operator(), async (tx) => {
      for (let index = from; index < from + 100; index++) {
        const recipient = `user${index}@example.org`
        await queueMail(tx, { template: 'test', recipient, subject: null, locale: 'en', facts: {} })
      }
    })
  }
}

async function statesOf({ doorward: { db } }: Server): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('outbox')
    .select((eb) => ['state', eb.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

/** Waits until every mail was accepted. */
async function allAccepted(server: Server, mails: number): Promise<void> {
  while ((await statesOf(server))['accepted'] !== mails) await sleep(50)
}

/** The number of copies beyond the first of each mail; fails where two copies have different Message-IDs. */
function duplicatesIn({ mails }: TestSmtpServer, sent: number): number {
  const byRecipient = Map.groupBy(mails, ({ to }) => to[0])
  assert.equal(byRecipient.size, sent)
  for (const copies of byRecipient.values()) assert.equal(new Set(copies.map(({ messageId }) => messageId)).size, 1)
  assert.equal(new Set(mails.map(({ messageId }) => messageId)).size, sent)
  return mails.length - sent
}

interface Scene {
  readonly smtp: TestSmtpServer
  /** In the process of the test; sends nothing. */
  readonly server: Server
  readonly installation: Installation
}

async function scene(t: TestContext, dialect: Dialect, mails: number): Promise<Scene> {
  const smtp = await startSmtpServer(t)
  const { databaseUrl, dataDir } = await newInstallation(t, dialect)
  const clock = new TestClock(Date.now())
  const server = await start(t, { databaseUrl, dataDir, clock, settings: smtp.settings })
  await queueMany(server, mails)
  return { smtp, server, installation: { databaseUrl, dataDir, settings: smtp.settings } }
}

async function twoNodesDeliver(t: TestContext, dialect: Dialect): Promise<void> {
  const { smtp, server, installation } = await scene(t, dialect, MAILS)
  const nodes = await Promise.all([startProcess(t, installation), startProcess(t, installation)])
  await allAccepted(server, MAILS)
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
  assert.equal(duplicatesIn(smtp, MAILS), 0)
  assert.deepEqual(await statesOf(server), { accepted: MAILS })
}

test('two nodes deliver 200 mails, each exactly once', (t) => twoNodesDeliver(t, 'sqlite'))

leaveToTestAll()

test('two nodes on PostgreSQL deliver 200 mails, each exactly once', (t) => twoNodesDeliver(t, 'postgres'))

for (const dialect of ['sqlite', 'postgres'] as const) {
  exhaustive(
    `with nodes killed at random each is delivered at least once, and a copy has the same Message-ID (${dialect})`,
    async (t) => {
      const { smtp, server, installation } = await scene(t, dialect, MANY_MAILS)
      const { db } = server.doorward
      for (let kills = 0; (await statesOf(server))['accepted'] !== MANY_MAILS; kills++) {
        const nodes = await Promise.all([startProcess(t, installation), startProcess(t, installation)])
        // The kill comes as soon as possible after an acceptance, most of which are then not stored yet.
        if (kills < KILLS) await smtp.accepted(smtp.mails.length + randomInt(10, MANY_MAILS / KILLS / 2))
        else await allAccepted(server, MANY_MAILS)
        await Promise.all(nodes.map((node) => node.kill()))
        // The leases of dead nodes last for minutes.
        await db.updateTable('outbox').set({ lease_until: 0 }).where('lease_until', 'is not', null).execute()
      }
      t.diagnostic(`${duplicatesIn(smtp, MANY_MAILS)} of ${MANY_MAILS} mails arrived more than once`)
    },
  )
}

onEachDatabase('a mail that one node is sending is not leased by another until the lease ends', async (t, dialect) => {
  const [one, other] = await twoEmptyNodes(t, dialect)
  const id = await queueTestMail(one.operator())
  const now = one.clock.now()
  const lease = (node: Server, owner: string, at: number) =>
    leaseMail(node.doorward.db, { owner, now: at, order: 'oldest' })
  const both = await Promise.all([lease(one, 'one', now), lease(other, 'other', now)])
  assert.deepEqual(
    both.flatMap((mail) => (mail ? [mail.id] : [])),
    [id],
  )
  assert.equal(await lease(other, 'other', now + MAIL_LEASE - 1), undefined)
  assert.equal((await lease(other, 'other', now + MAIL_LEASE))?.id, id)
})

onEachDatabase('a mail that a wrong clock put off by a day is sent, and one that waits is not', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings })
  const { db } = server.doorward
  await queueTestMail(server.operator())
  for (const [ahead, sent] of [
    [hours(1), 0],
    [days(1), 1],
  ] as const) {
    await db
      .updateTable('outbox')
      .set({ next_attempt_at: server.clock.now() + ahead })
      .execute()
    await deliverQueuedMails(server.doorward)
    assert.equal(smtp.mails.length, sent)
  }
})

onEachDatabase(
  'a node that dies between acceptance and commit sends a copy with the same Message-ID',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const server = await start(t, { dialect, settings: smtp.settings })
    const { db } = server.doorward
    await queueTestMail(server.operator())
    await deliverQueuedMails(server.doorward)
    // As if the node had died before it stored the acceptance.
    await db.updateTable('outbox').set({ state: 'queued', ended_at: null, lease_until: server.clock.now() }).execute()
    await deliverQueuedMails(server.doorward)
    assert.equal(smtp.mails.length, 2)
    assert.equal(new Set(smtp.mails.map(({ messageId }) => messageId)).size, 1)
  },
)

test('a node has as many lanes as connections', () => {
  assert.equal(LANES.length, MAIL_CONNECTIONS)
})

/** Long for a mail that the server takes at once; one that it holds times out after half of it. */
const DEADLINE = seconds(6)
const HANGING = 8

interface HangingScene {
  readonly server: Server
  readonly smtp: TestSmtpServer
  /** Starts idle lanes again and again, as a server does, until the work is done. */
  readonly delivering: (work: () => Promise<void>) => Promise<void>
  /** The recipients that the server holds, in the order in which they were tried. */
  readonly tried: readonly string[]
  /** Resolves once so many were tried. */
  readonly hanging: (count: number) => Promise<void>
}

/** A server with eight queued mails to recipients whose mails the SMTP server holds without an answer. */
async function hangingScene(t: TestContext, dialect: Dialect): Promise<HangingScene> {
  const tried: string[] = []
  const smtp = await startSmtpServer(t, {
    onRcptTo({ address }, _session, done) {
      if (address.startsWith('hanging')) tried.push(address)
      else done()
    },
  })
  const server = await start(t, { dialect, settings: smtp.settings })
  // The first mail takes longer than a later one.
  await queueTestMail(server.operator())
  await deliverQueuedMails(server.doorward)
  smtp.forget()
  for (let count = 1; count <= HANGING; count++)
    await queueTestMail(server.operator(), { recipient: `hanging${count}@example.org` })
  const job: Job = mailDeliveryJob(DEADLINE)
  return {
    server,
    smtp,
    tried,
    async hanging(count) {
      while (tried.length < count) await sleep(10)
    },
    async delivering(work) {
      const stopping = new AbortController()
      const ticking = (async () => {
        for (; !stopping.signal.aborted; await sleep(10)) await job.run(jobContext(server.doorward), stopping.signal)
      })()
      await work().finally(() => stopping.abort())
      await ticking
      await job.settle?.()
    },
  }
}

async function timedOut({ doorward: { db } }: Server): Promise<number> {
  return (await db.selectFrom('outbox').select('id').where('last_failure', '=', 'timed-out').execute()).length
}

onEitherDatabase(
  'a mail behind eight that hang waits for one time-out, and later mails for none',
  async (t, dialect) => {
    const { server, smtp, tried, hanging, delivering } = await hangingScene(t, dialect)
    const queueOrdinary = () => queueTestMail(server.operator())
    await delivering(async () => {
      await hanging(LANES.length)
      server.clock.pass(1)
      await queueOrdinary()
      await smtp.accepted(1)
      // Of each lane no more than one attempt has ended: the mail did not wait for a second one.
      assert.ok((await timedOut(server)) <= LANES.length)
      while ((await timedOut(server)) < HANGING) await sleep(10)
    })
    assert.deepEqual(new Set(tried).size, HANGING)

    server.clock.pass(minutes(1))
    const before = tried.length
    await delivering(async () => {
      await hanging(before + 2)
      for (let count = 2; count <= 4; count++) {
        await queueOrdinary()
        await smtp.accepted(count)
      }
      // All due again, but they take two lanes, and none of those attempts had to end first.
      assert.equal(tried.length, before + 2)
    })
  },
)

onEachDatabase('a node whose clock is wrong sends and ends no mail, and says so', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const ahead = days(8)
  const clock = new TestClock(Date.now())
  const server = await start(t, { dialect, clock, settings: smtp.settings })
  await queueTestMail(server.operator())
  const runs = async (work = async (): Promise<void> => undefined): Promise<void> => {
    const timers = new TestTimers(clock)
    const jobs = startJobs(server.doorward, [mailDeliveryJob()], timers)
    timers.pass(seconds(1))
    await work()
    await jobs.stop()
    await jobs.runLast()
  }
  const untouched = async (): Promise<void> => {
    const rows = await server.doorward.db.selectFrom('outbox').select(['state', 'attempts']).execute()
    assert.deepEqual(rows, [{ state: 'queued', attempts: 0 }])
    assert.equal(smtp.mails.length, 0)
  }
  clock.jump(ahead)
  await runs()
  await untouched()
  assert.match(server.logText(), /this node does not run the job mail-delivery: its clock has just jumped/)
  clock.pass(minutes(1))
  assert.ok(clock.now() > Date.now() + days(7), 'the node follows the wrong clock')
  await runs()
  await untouched()
  clock.jump(-ahead - minutes(1))
  await runs(() => smtp.accepted(1))
})

onEachDatabase(
  'a link in a mail that looks expired to a clock that is ahead survives until it is right',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const server = await start(t, { dialect, settings: smtp.settings })
    await firstAdmin(server)
    const { subject } = await server.doorward.db.selectFrom('users').select('subject').executeTakeFirstOrThrow()
    const { token } = await queueMailWithLink(server.operator(), subject)
    const ahead = new TestClock(server.clock.now() + hours(1))
    const node = await start(t, { ...server, clock: ahead, settings: smtp.settings })
    await deliverQueuedMails(node.doorward)
    assert.equal(smtp.mails.length, 0)
    await deliverQueuedMails(server.doorward)
    assert.ok(smtp.mails[0]?.text.includes(token.reveal()))
  },
)
