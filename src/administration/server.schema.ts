import { Type } from '../web/type.ts'
import type { Static } from '../web/type.ts'

import { toRfc3339 } from '../kernel/time.ts'
import { choice, named, nullable } from '../web/schema.ts'
import type { CheckLevel, Finding } from './checkup.ts'

const Count = Type.Integer({ minimum: 0 })
const Tally = { succeeded: Count, refused: Count }

export const OverviewView = named(
  'Overview',
  Type.Object({
    users: Type.Object({ total: Count, active: Count, invited: Count, no_factor: Count, disabled: Count }),
    admins: Type.Object({ with_second_step: Count, without_second_step: Count }),
    sessions: Type.Integer({ minimum: 0, description: 'Running ones.' }),
    sign_ins: Type.Object({
      last_24_hours: Type.Object(Tally),
      days: Type.Array(Type.Object({ day: Type.String({ format: 'date' }), ...Tally }), {
        description: 'The last seven days in UTC, today last.',
      }),
    }),
  }),
)

export const CheckupView = named(
  'Checkup',
  Type.Object({
    level: choice(['ok', 'note', 'warning'], { description: 'The gravest level among the findings.' }),
    findings: Type.Array(
      Type.Object({
        code: Type.String(),
        level: choice(['ok', 'note', 'warning']),
        sentence: Type.String(),
        fix: nullable(Type.String()),
        user_id: nullable(Type.Integer()),
      }),
    ),
  }),
)

interface ShownTally {
  readonly succeeded: number
  readonly refused: number
}

interface ShownOverview {
  readonly users: Record<
    'total' | 'active' | 'invited' | 'noFactor' | 'disabled' | 'actingAdmins' | 'waitingAdmins',
    number
  >
  readonly sessions: number
  readonly last24Hours: ShownTally
  readonly days: readonly (ShownTally & { readonly day: number })[]
}

export function presentOverview({ users, sessions, last24Hours, days }: ShownOverview): Static<typeof OverviewView> {
  const { total, active, invited, noFactor, disabled, actingAdmins, waitingAdmins } = users
  return {
    users: { total, active, invited, no_factor: noFactor, disabled },
    admins: { with_second_step: actingAdmins, without_second_step: waitingAdmins },
    sessions,
    sign_ins: {
      last_24_hours: last24Hours,
      days: days.map(({ day, ...tally }) => ({ day: toRfc3339(day).slice(0, 10), ...tally })),
    },
  }
}

export function presentCheckup(checkup: {
  readonly level: CheckLevel
  readonly findings: readonly Finding[]
}): Static<typeof CheckupView> {
  return {
    level: checkup.level,
    findings: checkup.findings.map(({ userId, ...finding }) => ({ ...finding, user_id: userId })),
  }
}
