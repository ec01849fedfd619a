// What did not reach an app, as admins see it; and the ends of users and apps that take with them what is sent.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { forgetUsersOfApps, recipientsOf } from '#domain/grants/notified-session.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import {
  deleteDeliveriesOf,
  type OpenDeliveries,
  requeueDeliveries,
  selectLastError,
  selectTroubled,
  summarizeOpen,
  type Troubled,
} from './delivery.queries.ts'
import { queueFor } from './fan-out.service.ts'

export type { Troubled } from './delivery.queries.ts'

/** How many of them are shown. */
const MOST_SHOWN = 20

/** Returns what did not reach an app at the last attempt, the oldest first. */
export function troubledDeliveries({ db }: With<'db'>, { id }: Pick<Client, 'id'>): Promise<Troubled[]> {
  return selectTroubled(db, id, MOST_SHOWN)
}

/** What has not reached an app yet, in short. */
export interface DeliveryState extends OpenDeliveries {
  /** What came of the last attempt that failed; null where none failed. */
  readonly lastAnswer: string | null
}

/** Returns in short what has not reached an app yet, and why. */
export async function deliveryStateOf({ db }: With<'db'>, { id }: Pick<Client, 'id'>): Promise<DeliveryState> {
  const open = await summarizeOpen(db, id)
  return { ...open, lastAnswer: open.failingSince === null ? null : await selectLastError(db, id) }
}

/** Sends an app again at once what did not reach it; returns how much. */
export async function notifyAgain(
  ctx: InTransaction<With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>>,
  { id, name }: Pick<Client, 'id' | 'name'>,
): Promise<number> {
  const count = await requeueDeliveries(ctx.db, id, ctx.now)
  if (count > 0)
    await recordEvent(ctx, { action: 'app.deliveries_retried', details: { app: name, client: id, deliveries: count } })
  return count
}

/** So many deliveries are queued by one statement. */
const BATCH = 500

/**
 * Queues what apps are sent of the deletion of a user, before the rows that say to which apps the user has signed in are deleted with the user.
 * @param eventId of `user.deleted`
 */
export async function queueDeletion(
  ctx: InTransaction<With<'db' | 'now' | 'newId'>>,
  subject: string,
  eventId: string,
): Promise<void> {
  const found = { id: eventId, at: ctx.now, position: 0, sessionId: null, keptSessionId: null, clientId: null }
  const ending = { ...found, action: 'user.deleted', kind: 'user', subject } as const
  let resume: string | null = null
  do {
    const batch = await recipientsOf(ctx, ending, { resume, limit: BATCH })
    await queueFor(ctx, eventId, batch.recipients)
    resume = batch.resume
  } while (resume !== null)
  await forgetUsersOfApps(ctx, { subject })
}

/** Forgets who has signed in to an app that is deleted, and what it was to be sent. */
export async function forgetApp(ctx: InTransaction<With<'db'>>, { id }: Pick<Client, 'id'>): Promise<void> {
  await forgetUsersOfApps(ctx, { clientId: id })
  await deleteDeliveriesOf(ctx.db, id)
}
