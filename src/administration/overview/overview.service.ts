import type { With } from '../../context.ts'
import { days, hours } from '../../kernel/time.ts'
import type { Instant } from '../../kernel/time.ts'
import { countSessions, countSignIns, countUsers, countUsersSince } from './overview.view.ts'
import type { Tally, UserCounts, UsersBySpan } from './overview.view.ts'

const DAY = days(1)
const DAYS_SHOWN = 30

export interface Overview {
  readonly users: UserCounts
  readonly sessions: number
  readonly last24Hours: Tally
  /** The last 30 days in UTC, today last. */
  readonly days: readonly (Tally & { readonly day: Instant })[]
  /** At the end of the same days: how many users there were who are there still, and how many had a second step. */
  readonly adoption: readonly { readonly day: Instant; readonly users: number; readonly withFactor: number }[]
}

/** How the server is doing, in numbers. */
export async function readOverview(ctx: With<'db' | 'now' | 'config'>): Promise<Overview> {
  const { db, now } = ctx
  const { idle, absolute } = ctx.config.sessions
  const today = Math.floor(now / DAY)
  const shown = Array.from({ length: DAYS_SHOWN }, (_, index) => today - DAYS_SHOWN + 1 + index)
  return {
    users: await countUsers(db),
    sessions: await countSessions(db, { seen: now - idle, started: now - absolute }),
    last24Hours: await countSignIns(db, now - hours(24), now + 1),
    days: await signInsByDay(ctx, shown),
    adoption: await adoptionByDay(ctx, shown),
  }
}

/** A day a query: on SQLite one over a busy month would keep every other request waiting for a quarter of a second. */
async function signInsByDay({ db }: With<'db'>, shown: readonly number[]): Promise<Overview['days']> {
  const counted: (Tally & { day: Instant })[] = []
  for (const span of shown) {
    const day = span * DAY
    counted.push({ day, ...(await countSignIns(db, day, day + DAY)) })
  }
  return counted
}

async function adoptionByDay({ db }: With<'db'>, shown: readonly number[]): Promise<Overview['adoption']> {
  const first = (shown[0] ?? 0) * DAY
  const joined = await countUsersSince(db, 'created_at', first, DAY)
  const enrolled = await countUsersSince(db, 'second_factor_at', first, DAY)
  return shown.map((span) => ({ day: span * DAY, users: upTo(joined, span), withFactor: upTo(enrolled, span) }))
}

function upTo(counts: readonly UsersBySpan[], last: number): number {
  return counts.reduce((sum, { span, count }) => (span <= last ? sum + count : sum), 0)
}
