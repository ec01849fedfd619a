// Queues what apps are sent, from the list of endings: one row for each app and session, in the order of the chain.
import { endingsAfter } from '#domain/audit/ending-list.service.ts'
import { hasClients } from '#domain/clients/client.service.ts'
import { checkSessionsOf } from '#domain/grants/checked-session.service.ts'
import { forgetUsersOfApps, type Recipient, recipientsOf } from '#domain/grants/notified-session.service.ts'
import { type InTransaction, inTransaction, type With } from '#foundation/context.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { insertDeliveries, selectCursor, updateCursor } from './delivery.queries.ts'

const CURSOR = 'back-channel'
/** How many events one transaction reads, and how many deliveries it queues of one ending. */
const EVENTS = 500
const RECIPIENTS = 500

type Deps = With<'db' | 'now' | 'newId'>

/**
 * Queues what apps have to be sent of the events that were chained since. A lock admits one node at a time; position and deliveries are written in
 * one transaction, so a node that dies loses nothing. Takes no lock where nothing has ended. Returns whether anything was queued.
 */
export async function queueEndings(ctx: Deps, signal?: AbortSignal): Promise<boolean> {
  let queued = false
  for (;;) {
    if (signal?.aborted === true || !(await hasNews(ctx))) return queued
    queued = (await inTransaction(ctx, queueNext)) || queued
  }
}

/** So many events in which nothing is of interest are read again each time, rather than committing that they were read. */
const LEFT_UNREAD = 100

/** Whether there is something to queue; or so much was read that the position is written, although no app has to hear of it. */
async function hasNews(ctx: Deps): Promise<boolean> {
  const { position } = await selectCursor(ctx.db, CURSOR)
  const page = await endingsAfter(ctx, position, LEFT_UNREAD)
  if (page.position - position >= LEFT_UNREAD) return true
  return page.endings.length + page.checked.length > 0 && (await hasClients(ctx))
}

async function queueNext(tx: InTransaction<Deps>): Promise<boolean> {
  await lockFor(tx.db, 'endings')
  let { position, resume } = await selectCursor(tx.db, CURSOR)
  const page = await endingsAfter(tx, position, EVENTS)
  let queued = 0
  for (const subject of page.checked) await checkSessionsOf(tx, subject)
  for (const ending of page.endings) {
    const batch = await recipientsOf(tx, ending, { resume, limit: RECIPIENTS })
    await queueFor(tx, ending.id, batch.recipients)
    queued += batch.recipients.length
    resume = batch.resume
    // A node of the version before has deleted the user without that.
    if (ending.action === 'user.deleted' && resume === null)
      await forgetUsersOfApps(tx, { subject: ending.subject ?? '' })
    position = resume === null ? ending.position : ending.position - 1
    if (resume !== null || queued >= RECIPIENTS) {
      await updateCursor(tx.db, CURSOR, { position, resume })
      return true
    }
  }
  await updateCursor(tx.db, CURSOR, { position: page.position, resume: null })
  return queued > 0
}

/** Queues what these apps are sent of an event, in the transaction of the caller. */
export function queueFor(
  { db, now, newId }: InTransaction<Deps>,
  eventId: string,
  recipients: readonly Recipient[],
): Promise<void> {
  const made = recipients.map(({ clientId, subject, sid }) => ({ clientId, subject, sid }))
  const rows = made.map((one) => ({ ...one, id: newId(), jti: newId(), createdAt: now }))
  return insertDeliveries(db, eventId, rows)
}
