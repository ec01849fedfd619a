// Ends of sessions that an app refused, written as the lanes leave them.
import { insertDeliveries } from '#domain/back-channel/delivery.queries.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import type { Server } from '../server/start.ts'

const ANSWER = '404 <!doctype html><html lang="en"><head><title>No route matches [POST] "/users/auth/logout"</title>'

/** An app refused the ends of three sessions of a user; of one of them it is not notified again. */
export async function storeFailedDeliveries(
  { doorward: { db }, clock }: Pick<Server, 'doorward' | 'clock'>,
  { clientId, subject }: { readonly clientId: string; readonly subject: string },
): Promise<void> {
  const now = clock.now()
  const outcomes = [{ failed_at: now - hours(3) }, { next_attempt_at: now + hours(5) }, {}]
  for (const [at, outcome] of outcomes.entries()) {
    const id = `${clientId}-${at}`
    const delivery = { id, clientId, subject, sid: `sid-${at}`, jti: id, createdAt: now - days(2) }
    await insertDeliveries(db, `event-${id}`, [delivery])
    await db
      .updateTable('client_delivery')
      .set({ attempts: 7, next_attempt_at: now + hours(9), ...outcome, last_error: ANSWER })
      .where('id', '=', id)
      .execute()
  }
}
