import type { With } from '../context.ts'
import { days, hours } from '../kernel/time.ts'
import type { Instant } from '../kernel/time.ts'
import { countSessions, countSignIns, countUsers } from './overview.view.ts'
import type { SignInCount, UserCounts } from './overview.view.ts'

const DAY = days(1)
const DAYS_SHOWN = 7

export interface Tally {
  readonly succeeded: number
  readonly refused: number
}

export interface Overview {
  readonly users: UserCounts
  readonly sessions: number
  readonly last24Hours: Tally
  /** The last seven days in UTC, today last. */
  readonly days: readonly (Tally & { readonly day: Instant })[]
}

/** How the server is doing, in numbers. */
export async function readOverview(ctx: With<'db' | 'now' | 'config'>): Promise<Overview> {
  const { idle, absolute } = ctx.config.sessions
  const today = Math.floor(ctx.now / DAY)
  const first = today - DAYS_SHOWN + 1
  const users = await countUsers(ctx.db)
  const sessions = await countSessions(ctx.db, { seen: ctx.now - idle, started: ctx.now - absolute })
  const daily = await countSignIns(ctx.db, first * DAY, DAY)
  const recent = await countSignIns(ctx.db, ctx.now - hours(24), DAY)
  const shown = Array.from({ length: DAYS_SHOWN }, (_, index) => first + index)
  return {
    users,
    sessions,
    last24Hours: sumOf(recent),
    days: shown.map((span) => ({ day: span * DAY, ...sumOf(daily.filter((count) => count.span === span)) })),
  }
}

function sumOf(counts: readonly SignInCount[]): Tally {
  return {
    succeeded: counts.reduce((sum, { succeeded }) => sum + succeeded, 0),
    refused: counts.reduce((sum, { refused }) => sum + refused, 0),
  }
}
