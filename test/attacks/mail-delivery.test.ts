// Two nodes send the mails of one outbox: each once, and with nodes that are killed each at least once.
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { queueMail } from '../../src/domain/mail/mail.service.ts'
import { leaseMails } from '../../src/domain/mail/outbox.queries.ts'
import { MAIL_LEASE } from '../../src/domain/mail/outbox.ts'
import { inTransaction } from '../../src/foundation/context.ts'
import { days, hours } from '../../src/foundation/kernel/time.ts'
import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { queueTestMail } from '../support/mail/queued-mails.ts'
import { deliverQueuedMails, startSmtpServer } from '../support/mail/smtp-server.ts'
import type { TestSmtpServer } from '../support/mail/smtp-server.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { twoEmptyNodes } from '../support/server/nodes.ts'
import { startProcess } from '../support/server/processes.ts'
import type { Place } from '../support/server/processes.ts'
import { newPlace, start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'

const MAILS = 1000
const KILLS = 10

/** Queues mails to different recipients, in the transactions of a few changes. */
async function queueMany(server: Server): Promise<void> {
  for (let from = 0; from < MAILS; from += 100) {
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
async function allAccepted(server: Server): Promise<void> {
  while ((await statesOf(server))['accepted'] !== MAILS) await sleep(50)
}

/** The number of copies beyond the first of each mail; fails where two copies have different Message-IDs. */
function duplicatesIn({ mails }: TestSmtpServer): number {
  const byRecipient = Map.groupBy(mails, ({ to }) => to[0])
  assert.equal(byRecipient.size, MAILS)
  for (const copies of byRecipient.values()) assert.equal(new Set(copies.map(({ messageId }) => messageId)).size, 1)
  assert.equal(new Set(mails.map(({ messageId }) => messageId)).size, MAILS)
  return mails.length - MAILS
}

interface Scene {
  readonly smtp: TestSmtpServer
  /** In the process of the test; sends nothing. */
  readonly server: Server
  readonly place: Place
}

async function scene(t: TestContext, dialect: Dialect): Promise<Scene> {
  const smtp = await startSmtpServer(t)
  const { databaseUrl, dataDir } = await newPlace(t, dialect)
  const clock = new TestClock(Date.now())
  const server = await start(t, { databaseUrl, dataDir, clock, settings: smtp.settings })
  await queueMany(server)
  return { smtp, server, place: { databaseUrl, dataDir, settings: smtp.settings } }
}

onEachDatabase('two nodes deliver 1,000 mails, each exactly once', async (t, dialect) => {
  const { smtp, server, place } = await scene(t, dialect)
  const nodes = await Promise.all([startProcess(t, place), startProcess(t, place)])
  await allAccepted(server)
  for (const node of nodes) assert.equal((await node.stop()).code, 0)
  assert.equal(duplicatesIn(smtp), 0)
  assert.deepEqual(await statesOf(server), { accepted: MAILS })
})

for (const dialect of ['sqlite', 'postgres'] as const) {
  exhaustive(
    `with nodes killed at random each is delivered at least once, and a copy has the same Message-ID (${dialect})`,
    async (t) => {
      const { smtp, server, place } = await scene(t, dialect)
      const { db } = server.doorward
      for (let kills = 0; (await statesOf(server))['accepted'] !== MAILS; kills++) {
        const nodes = await Promise.all([startProcess(t, place), startProcess(t, place)])
        // The kill comes as soon as possible after an acceptance, most of which are then not stored yet.
        if (kills < KILLS) await smtp.accepted(smtp.mails.length + randomInt(10, MAILS / KILLS / 2))
        else await allAccepted(server)
        await Promise.all(nodes.map((node) => node.kill()))
        // The leases of dead nodes last for minutes.
        await db.updateTable('outbox').set({ lease_until: 0 }).where('lease_until', 'is not', null).execute()
      }
      t.diagnostic(`${duplicatesIn(smtp)} of ${MAILS} mails arrived more than once`)
    },
  )
}

onEachDatabase('a mail that one node is sending is not leased by another until the lease ends', async (t, dialect) => {
  const [one, other] = await twoEmptyNodes(t, dialect)
  const id = await queueTestMail(one.operator())
  const now = one.clock.now()
  const lease = (node: Server, owner: string, at: number) => leaseMails(node.doorward.db, { owner, now: at, most: 9 })
  const both = await Promise.all([lease(one, 'one', now), lease(other, 'other', now)])
  assert.deepEqual(
    both.flat().map((mail) => mail.id),
    [id],
  )
  assert.deepEqual(await lease(other, 'other', now + MAIL_LEASE - 1), [])
  assert.equal((await lease(other, 'other', now + MAIL_LEASE)).length, 1)
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
