// The server in numbers, for the dashboard and GET /overview.
import type { With } from '../../../foundation/context.ts'
import { days, hours } from '../../../foundation/kernel/time.ts'
import { sessionPolicy } from '../../../domain/policies/policy.service.ts'
import { countUsers } from '../../../domain/users/user-count.service.ts'
import type { UsersOfDay } from '../../../domain/users/user-count.service.ts'
import { countSessions, countSignIns } from './overview.view.ts'

const DAY = days(1)
const DAYS_SHOWN = 30

/** Running sessions are counted up to this number, since each one costs a look-up of its user. */
export const MOST_SESSIONS = 5_000

export type Overview = Awaited<ReturnType<typeof readOverview>>

/** Returns the dashboard's numbers. */
export async function readOverview(ctx: With<'db' | 'now' | 'config'>) {
  const { db, now } = ctx
  const { idle, absolute } = sessionPolicy(ctx)
  const today = Math.floor(now / DAY)
  const shown = Array.from({ length: DAYS_SHOWN }, (_, index) => today - DAYS_SHOWN + 1 + index)
  const { counts, days: users } = await countUsers(ctx, shown[0])
  return {
    users: counts,
    /** `MOST_SESSIONS` if there are as many or more. */
    sessions: await countSessions(db, { seen: now - idle, started: now - absolute }, MOST_SESSIONS),
    last24Hours: await countSignIns(db, now - hours(24), now + 1),
    /** The last 30 days in UTC, today last. */
    // One query for each day: on SQLite a single query over a busy month would block every other request for a quarter of a second.
    days: await Array.fromAsync(shown, async (day) => ({
      day: day * DAY,
      ...(await countSignIns(db, day * DAY, (day + 1) * DAY)),
    })),
    /** At the end of the same days: how many of the present enabled users existed, and how many had a second factor. */
    adoption: shown.map((day) => ({ day: day * DAY, ...usersUpTo(users, day) })),
  }
}

function usersUpTo(days: readonly UsersOfDay[], last: number): { users: number; withFactor: number } {
  const before = days.filter(({ day }) => day <= last)
  return {
    users: before.reduce((sum, { users }) => sum + users, 0),
    withFactor: before.reduce((sum, { withFactor }) => sum + withFactor, 0),
  }
}
