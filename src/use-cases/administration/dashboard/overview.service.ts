// The server in numbers, for the dashboard and GET /overview.
import type { With } from '../../../foundation/context.ts'
import { days, hours } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import { sessionPolicy } from '../../../domain/policies/policy.service.ts'
import { countUsers } from '../../../domain/users/user-count.service.ts'
import type { UserCounts, UsersOfDay } from '../../../domain/users/user-count.service.ts'
import { countSessions, countSignIns } from './overview.view.ts'
import type { Tally } from './overview.view.ts'

const DAY = days(1)
const DAYS_SHOWN = 30

/** Running sessions are counted up to this number, since each one costs a look-up of its user. */
export const MOST_SESSIONS = 5_000

export interface Overview {
  readonly users: UserCounts
  /** `MOST_SESSIONS` if there are as many or more. */
  readonly sessions: number
  readonly last24Hours: Tally
  /** The last 30 days in UTC, today last. */
  readonly days: readonly (Tally & { readonly day: Instant })[]
  /** At the end of the same days: how many of the present enabled users existed, and how many had a second factor. */
  readonly adoption: readonly { readonly day: Instant; readonly users: number; readonly withFactor: number }[]
}

/** Returns the dashboard's numbers. */
export async function readOverview(ctx: With<'db' | 'now' | 'config'>): Promise<Overview> {
  const { db, now } = ctx
  const { idle, absolute } = sessionPolicy(ctx)
  const today = Math.floor(now / DAY)
  const shown = Array.from({ length: DAYS_SHOWN }, (_, index) => today - DAYS_SHOWN + 1 + index)
  const { counts, days: users } = await countUsers(ctx, shown[0])
  return {
    users: counts,
    sessions: await countSessions(db, { seen: now - idle, started: now - absolute }, MOST_SESSIONS),
    last24Hours: await countSignIns(db, now - hours(24), now + 1),
    days: await Array.fromAsync(shown, (day) => signInsOn(db, day)),
    adoption: shown.map((day) => ({ day: day * DAY, ...usersUpTo(users, day) })),
  }
}

/** One query for each day: on SQLite a single query over a busy month would block every other request for a quarter of a second. */
async function signInsOn(db: Database, day: number): Promise<Overview['days'][number]> {
  return { day: day * DAY, ...(await countSignIns(db, day * DAY, (day + 1) * DAY)) }
}

function usersUpTo(days: readonly UsersOfDay[], last: number): { users: number; withFactor: number } {
  const before = days.filter(({ day }) => day <= last)
  return {
    users: before.reduce((sum, { users }) => sum + users, 0),
    withFactor: before.reduce((sum, { withFactor }) => sum + withFactor, 0),
  }
}
