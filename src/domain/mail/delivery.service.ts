// Sends the mails of the outbox in lanes: each attempt under a lease, the next one after a wait that doubles.
import type { JobContext } from '#foundation/job.ts'
import { MAIL_KEPT } from '#foundation/kernel/stated-limits.ts'
import { CLOCK_TOLERANCE, type Duration, isWithin, minutes, seconds } from '#foundation/kernel/time.ts'
import type { MailSettings } from '#foundation/platform/config/types.ts'
import { type Mailer, newMailer, type SendResult } from '#foundation/platform/mailer/mailer.ts'
import { deleteEndedMailRows, expireMailRows, leaseMail, postponeMail } from './delivery.queries.ts'
import { isMailTemplate } from './mail-template.ts'
import { linkOf, messageOf } from './message.service.ts'
import { endMail } from './outbox.queries.ts'
import { ATTEMPT_DEADLINE, type LaneOrder, LANES, type LeasedMail, waitAfter } from './outbox.ts'

/** How long a stopping server waits for mails that it is sending. */
const GRACE = seconds(5)
/** A lane takes no mail for longer than this; the next run of the job, which looks at the clock again, restarts it. */
const LANE_RUNS: Duration = minutes(1)

/** The lanes of one node. */
export interface Delivery {
  /** Starts each idle lane that has a mail to send; an aborted signal ends them after their mail. Throws what made a lane fail before. */
  start(ctx: JobContext, signal: AbortSignal): Promise<void>
  /** Waits until every lane is idle. Throws what made one fail. */
  settle(): Promise<void>
}

/** The delivery of a node that has sent nothing yet. An attempt ends after `deadline`. */
export function newDelivery(deadline: Duration): Delivery {
  const busy = new Map<number, Promise<void>>()
  const failures: Error[] = []
  let connections: Connections | undefined
  const throwFailure = (): void => {
    const found = failures.splice(0)
    if (found.length > 1) throw new AggregateError(found, 'several lanes failed')
    if (found[0] !== undefined) throw found[0]
  }
  const begin = (ctx: JobContext, lane: number, { order, settings, mail, signal }: Beginning): void => {
    const { send } = (connections ??= newConnections(settings, deadline, signal))
    const work = runLane(ctx, { order, send, signal }, mail)
      .catch((error: unknown) => void failures.push(error as Error))
      .finally(() => {
        busy.delete(lane)
        if (busy.size > 0) return
        connections?.close()
        connections = undefined
      })
    busy.set(lane, work)
  }
  return {
    async start(ctx, signal) {
      throwFailure()
      const { mail: settings } = ctx.config
      if (settings === null) return
      for (const [lane, order] of LANES.entries()) {
        if (busy.has(lane) || signal.aborted) continue
        const mail = await leaseNext(ctx, order)
        if (mail === undefined) return
        begin(ctx, lane, { order, settings, mail, signal })
      }
    },
    async settle() {
      await Promise.all(busy.values())
      throwFailure()
    },
  }
}

interface Beginning {
  readonly order: LaneOrder
  readonly settings: MailSettings
  readonly mail: LeasedMail
  readonly signal: AbortSignal
}

interface Connections {
  readonly send: Mailer['send']
  close(): void
}

/** Opens no connection until the first mail. An aborted signal closes them after the mails that are being sent, at most after `GRACE`. */
function newConnections(settings: MailSettings, deadline: Duration, signal: AbortSignal): Connections {
  let opened: Promise<Mailer> | undefined
  const open = (): Promise<Mailer> => (opened ??= newMailer(settings, deadline))
  // A mailer that could not be opened has made its mails fail already.
  const close = (grace?: Duration): void => void opened?.then((mailer) => mailer.close(grace)).catch(() => undefined)
  const stop = (): void => close(GRACE)
  signal.addEventListener('abort', stop)
  return {
    async send(mail) {
      const mailer = await open()
      const sending = mailer.send(mail)
      if (signal.aborted) stop()
      return sending
    },
    close() {
      signal.removeEventListener('abort', stop)
      close()
    },
  }
}

function leaseNext({ db, newId, clock }: JobContext, order: LaneOrder): Promise<LeasedMail | undefined> {
  return leaseMail(db, { owner: newId(), now: clock.now(), order })
}

interface Lane {
  readonly order: LaneOrder
  readonly send: Mailer['send']
  readonly signal: AbortSignal
}

/** Sends one mail after the other until none is due. */
async function runLane(ctx: JobContext, lane: Lane, first: LeasedMail): Promise<void> {
  const startedAt = ctx.clock.now()
  for (let mail: LeasedMail | undefined = first; mail !== undefined;) {
    await deliver(ctx, lane, mail)
    const goesOn = !lane.signal.aborted && isWithin(LANE_RUNS, startedAt, ctx.clock.now())
    mail = goesOn ? await leaseNext(ctx, lane.order) : undefined
  }
}

/** What was sent is accepted, also where it was dropped or expired meanwhile. */
const NOT_ACCEPTED = ['queued', 'failed', 'dropped', 'expired'] as const

async function deliver(ctx: JobContext, lane: Lane, mail: LeasedMail): Promise<void> {
  const { db, clock, log } = ctx
  const { id, template, attempts, leaseUntil, leaseOwner } = mail
  // The process may have stood still: another node may hold the lease before this attempt could end.
  if (clock.now() > leaseUntil - ATTEMPT_DEADLINE - CLOCK_TOLERANCE) return
  const result = await attempt(ctx, lane, mail)
  const now = clock.now()
  if (result.kind === 'accepted') return void (await endMail(db, id, { from: NOT_ACCEPTED, to: 'accepted', now }))
  const { kind, error } = result
  log.warn({ mail: id, template, attempts, kind }, 'a mail was not accepted')
  if (kind === 'refused') return void (await endMail(db, id, { from: ['queued'], to: 'failed', now, error }))
  const failure = kind === 'failed' ? null : kind
  await postponeMail(db, { id, owner: leaseOwner }, { nextAttemptAt: now + waitAfter(attempts), error, failure })
}

async function attempt(ctx: JobContext, { send }: Lane, mail: LeasedMail): Promise<SendResult> {
  const { template, recipient, messageId, createdAt } = mail
  if (!isMailTemplate(template)) return { kind: 'failed', error: 'This version does not know the template.' }
  try {
    const message = messageOf(ctx, { ...mail, template }, linkOf(ctx, mail))
    const { instanceName: fromName } = ctx.config
    return await send({ ...message, fromName, recipient, messageId, date: new Date(createdAt) })
  } catch (error) {
    ctx.log.error({ err: error, mail: mail.id }, 'a mail could not be made')
    return { kind: 'failed', error: 'The mail could not be made. The log says why.' }
  }
}

/** Ends mails that were not sent in time, with their tokens, and deletes mails that ended long ago. */
export async function expireMails({ db, now, log }: Pick<JobContext, 'db' | 'now' | 'log'>): Promise<void> {
  const count = await expireMailRows(db, now)
  if (count > 0) log.warn({ count }, 'mails expired before they were sent; their links are deleted')
  await deleteEndedMailRows(db, now - MAIL_KEPT)
}
