// Sessions at apps that time or a rule may have ended: which are due to be checked, and when each is checked next.
import type { With } from '#foundation/context.ts'
import { CLOCK_TOLERANCE, type Duration, hours, type Instant, seconds } from '#foundation/kernel/time.ts'
import * as queries from './checked-session.queries.ts'

/** What no event and no limit announces, such as a row that was changed by hand, is found within this time. */
const CHECKED_EVERY: Duration = hours(1)
const BATCH = 200

export interface DueSession {
  readonly sessionId: string
  readonly subject: string
  readonly clientIds: readonly string[]
}

/** Returns sessions at apps that are due to be checked, at most 200 rows of them; none where nothing is due. */
export async function sessionsToCheck({ db, now }: With<'db' | 'now'>): Promise<DueSession[]> {
  const rows = await queries.selectDueForCheck(db, now, BATCH)
  return [...Map.groupBy(rows, ({ sessionId }) => sessionId)].map(([sessionId, [row, ...others]]) => ({
    sessionId,
    subject: row?.subject ?? '',
    clientIds: [row, ...others].flatMap((one) => one?.clientId ?? []),
  }))
}

/** Notes when sessions are checked next, at the latest in an hour. */
export async function checkNextAt(
  { db, now }: With<'db' | 'now'>,
  next: ReadonlyMap<string, Instant | undefined>,
): Promise<void> {
  const latest = now + CHECKED_EVERY
  // Later than now, or this run would find them due without end.
  const soonest = now + seconds(1)
  const byTime = Map.groupBy(next.keys(), (id) => Math.max(soonest, Math.min(next.get(id) ?? latest, latest)))
  for (const [at, ids] of byTime) await queries.updateCheckAt(db, ids, at)
}

/** Has all sessions at apps checked by the next run, since the rules for many users have changed. */
export function checkAllSessions({ db, now }: With<'db' | 'now'>): Promise<void> {
  return queries.bringForwardChecks(db, now)
}

/** Has the sessions of a user checked by the next run, since other rules count for the user. */
export function checkSessionsOf({ db }: With<'db'>, subject: string): Promise<void> {
  return queries.checkUserNow(db, subject)
}

/** Makes what a wrong clock has put off due. */
export function clampChecks({ db, now }: With<'db' | 'now'>): Promise<void> {
  return queries.bringForwardChecks(db, now + CHECKED_EVERY + CLOCK_TOLERANCE)
}
