// How many sessions run: now, and at the end of each of the last days. A session leaves no trace of when it ran out, so a job notes the number.
import type { With } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import * as queries from './session-count.queries.ts'
import type { SessionLifetimes } from './session.ts'

const DAY = days(1)
const DAYS_KEPT = 60

/** Running sessions are counted up to this number, since each one costs a look-up of its user. */
export const MOST_SESSIONS = 5_000

/** Returns the number of running sessions; `MOST_SESSIONS` if there are as many or more. */
export function countRunningSessions(
  { db, now }: With<'db' | 'now'>,
  { idle, absolute }: SessionLifetimes,
): Promise<number> {
  return queries.selectSessionCount(db, { seen: now - idle, started: now - absolute }, MOST_SESSIONS)
}

/** Stores the current number as that of today (UTC), so that the last one of a day stays, and deletes those of `DAYS_KEPT` days ago. */
export async function noteSessionCount(ctx: With<'db' | 'now'>, lifetimes: SessionLifetimes): Promise<void> {
  const today = Math.floor(ctx.now / DAY)
  await queries.storeSessionCount(ctx.db, today, await countRunningSessions(ctx, lifetimes))
  await queries.deleteSessionCountsBefore(ctx.db, today - DAYS_KEPT)
}

/** Returns the stored number of each day since 1970 in UTC, from `firstDay` on; a day on which no server ran has none. */
export async function sessionCountsByDay({ db }: With<'db'>, firstDay: number): Promise<ReadonlyMap<number, number>> {
  const rows = await queries.selectSessionCounts(db, firstDay)
  return new Map(rows.map(({ day, count }) => [day, count]))
}
