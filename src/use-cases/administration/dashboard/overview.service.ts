// The server in numbers, for the dashboard and GET /overview.
import { longestLifetimes } from '#domain/policies/session-rules.service.ts'
import { countRunningSessions, sessionCountsByDay } from '#domain/sessions/session-count.service.ts'
import { countUsers, type UsersOfDay } from '#domain/users/user-count.service.ts'
import type { With } from '#foundation/context.ts'
import { DAYS_SHOWN } from '#foundation/kernel/stated-limits.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { countSignIns } from './overview.view.ts'

const DAY = days(1)

export type Overview = Awaited<ReturnType<typeof readOverview>>

/** Returns the dashboard's numbers. */
export async function readOverview(ctx: With<'db' | 'now' | 'config'>) {
  const { db, now } = ctx
  const today = Math.floor(now / DAY)
  const shown = Array.from({ length: DAYS_SHOWN }, (_, index) => today - DAYS_SHOWN + 1 + index)
  const [first = today] = shown
  const { counts, days: users } = await countUsers(ctx, first)
  const sessions = await countRunningSessions(ctx, await longestLifetimes(ctx))
  const noted = await sessionCountsByDay(ctx, first)
  return {
    users: counts,
    /** `MOST_SESSIONS` if there are as many or more. */
    sessions,
    /** At the end of the same days, today now; undefined for days on which none were counted. */
    sessionsByDay: shown.map((day) => ({ day: day * DAY, count: day === today ? sessions : noted.get(day) })),
    last24Hours: await countSignIns(db, now - hours(24), now + 1),
    /** The last 30 days in UTC, today last. */
    // One query for each day: on SQLite a single query over a busy month would block every other request for a quarter of a second.
    days: await Array.fromAsync(shown, async (day) => ({
      day: day * DAY,
      ...(await countSignIns(db, day * DAY, (day + 1) * DAY)),
    })),
    /** At the end of the same days: how many of the current enabled users existed, and how many had a second factor. */
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
