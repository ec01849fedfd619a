// Notifies apps of what has ended, in lanes: a node sends each app one thing at a time, each attempt under a lease, the next one after a wait that doubles.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { findClient } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { inTransaction } from '#foundation/context.ts'
import type { JobContext } from '#foundation/job.ts'
import { CLOCK_TOLERANCE, type Duration } from '#foundation/kernel/time.ts'
import { postForm } from '#foundation/platform/network/post-form.ts'
import { deleteOldDeliveries, leaseDelivery, settleDelivery } from './delivery.queries.ts'
import {
  DELIVERIES_KEPT,
  type Delivery,
  DELIVERY_DEADLINE,
  LANES_FOR_FAILED,
  type LeasedDelivery,
  MOST_ATTEMPTS,
  MOST_LANES,
  waitAfterFailure,
} from './delivery.ts'

/** Makes the logout token of an attempt. */
export type TokenFor = (ctx: JobContext, client: Client, delivery: Delivery) => Promise<string>

/** The lanes of one node. */
export interface Deliveries {
  /** Starts a lane for each app that is to be notified and has none; an aborted signal starts none, and ends what is being sent. */
  start(ctx: JobContext, signal: AbortSignal): Promise<void>
  /** Waits until every lane is idle. Throws what made one fail. */
  settle(): Promise<void>
}

/** The deliveries of a node that has sent nothing yet. */
export function newDeliveries(tokenFor: TokenFor, deadline: Duration = DELIVERY_DEADLINE): Deliveries {
  /** By app: whether what it is sent failed before, and the work. */
  const lanes = new Map<string, { readonly isAgain: boolean; readonly work: Promise<void> }>()
  const failures: Error[] = []
  const throwFailure = (): void => {
    const found = failures.splice(0)
    if (found.length > 0) throw new AggregateError(found, 'notifying apps of ended sessions failed')
  }
  const leaseNext = (ctx: JobContext): Promise<LeasedDelivery | undefined> => {
    const again = [...lanes.values()].filter(({ isAgain }) => isAgain).length
    const busy = [...lanes.keys()]
    const now = ctx.clock.now()
    return leaseDelivery(ctx.db, { owner: ctx.newId(), now, busy, onlyFirst: again >= LANES_FOR_FAILED })
  }
  let filling = Promise.resolve()
  // One after the other: two that ask at the same time for what is due would get two deliveries of one app.
  const fill = (ctx: JobContext, signal: AbortSignal): Promise<void> =>
    (filling = filling.catch(() => undefined).then(() => fillNow(ctx, signal)))
  const fillNow = async (ctx: JobContext, signal: AbortSignal): Promise<void> => {
    while (lanes.size < MOST_LANES && !signal.aborted) {
      const delivery = await leaseNext(ctx)
      if (delivery === undefined) return
      begin(ctx, delivery, signal)
    }
  }
  const begin = (ctx: JobContext, delivery: LeasedDelivery, signal: AbortSignal): void => {
    const { clientId, isAgain } = delivery
    const work = notify(ctx, delivery, { tokenFor, deadline, signal })
      .catch((error: unknown) => void failures.push(error as Error))
      .then(async () => {
        lanes.delete(clientId)
        await fill(ctx, signal)
      })
      .catch((error: unknown) => void failures.push(error as Error))
    lanes.set(clientId, { isAgain, work })
  }
  return {
    async start(ctx, signal) {
      throwFailure()
      await fill(ctx, signal)
    },
    async settle() {
      while (lanes.size > 0) await Promise.all([...lanes.values()].map(({ work }) => work))
      throwFailure()
    },
  }
}

interface Sending {
  readonly tokenFor: TokenFor
  readonly deadline: Duration
  readonly signal: AbortSignal
}

async function notify(ctx: JobContext, delivery: LeasedDelivery, sending: Sending): Promise<void> {
  const { db, clock } = ctx
  // The process may have stood still: another node may hold the lease before this attempt could end.
  if (clock.now() > delivery.leaseUntil - sending.deadline - CLOCK_TOLERANCE) return
  const client = await findClient(ctx, delivery.clientId)
  // Its URL was removed since: there is nothing left to send.
  const uri = client?.backchannelUri ?? null
  if (client === undefined || uri === null) {
    await settleDelivery(db, delivery, { delivered_at: clock.now(), last_error: null })
    return
  }
  const error = await attempt(ctx, client, { ...delivery, uri }, sending)
  const now = clock.now()
  if (error === undefined) {
    await settleDelivery(db, delivery, { delivered_at: now, last_error: null })
    return
  }
  const { id, attempts } = delivery
  // This node stops: that is no fault of the app, so the attempt does not count.
  if (sending.signal.aborted) {
    await settleDelivery(db, delivery, { attempts: attempts - 1, next_attempt_at: now })
    return
  }
  ctx.log.warn({ delivery: id, app: client.name, attempts, error }, 'an app was not notified that a session ended')
  if (attempts < MOST_ATTEMPTS) {
    await settleDelivery(db, delivery, { next_attempt_at: now + waitAfterFailure(attempts), last_error: error })
    return
  }
  await inTransaction({ ...ctx, now }, async (tx) => {
    if (!(await settleDelivery(tx.db, delivery, { failed_at: now, last_error: error }))) return
    const details = { app: client.name, client: client.id, attempts, answer: error }
    await recordEvent(tx, { action: 'app.delivery_failed', actor: null, target: delivery.subject, details })
  })
}

/** How much of an answer is kept. */
const ANSWER_BYTES = 1024
const SHOWN = 200

/** Returns why the app was not notified; undefined if it was. */
async function attempt(
  ctx: JobContext,
  client: Client,
  delivery: LeasedDelivery & { readonly uri: string },
  { tokenFor, deadline, signal }: Sending,
): Promise<string | undefined> {
  const token = await tokenFor(ctx, client, delivery)
  try {
    const limits = { deadline, mostBytes: ANSWER_BYTES, signal }
    const { status, text } = await postForm(delivery.uri, { logout_token: token }, limits)
    if (status >= 200 && status < 300) return undefined
    return `${status} ${plain(text)}`.trim()
  } catch (error) {
    const { name, code } = error as NodeJS.ErrnoException
    return name === 'TimeoutError' || name === 'AbortError' ? 'timeout' : (code ?? name)
  }
}

/** An answer comes from elsewhere: it is shown without marks that change how a line reads. */
function plain(text: string): string {
  return text
    .replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim()
    .slice(0, SHOWN)
}

/** Deletes what was sent, and what never could be, a week after it was queued. */
export function deleteOldDeliveriesOf({ db, now }: Pick<JobContext, 'db' | 'now'>): Promise<void> {
  return deleteOldDeliveries(db, now - DELIVERIES_KEPT)
}
