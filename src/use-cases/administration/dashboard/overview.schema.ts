import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { Overview } from './overview.service.ts'

const Count = Type.Integer({ minimum: 0 })
const Tally = { succeeded: Count, refused: Count }
const Day = { day: Type.String({ format: 'date' }) }

const EXAMPLE = {
  users: { total: 31, active: 22, invited: 4, no_factor: 3, disabled: 2 },
  admins: { with_second_step: 2, without_second_step: 0 },
  sessions: 9,
  sessions_by_day: [
    { day: '2026-05-31', sessions: null },
    { day: '2026-06-01', sessions: 9 },
  ],
  sign_ins: {
    last_24_hours: { succeeded: 17, refused: 3 },
    days: [
      { day: '2026-05-31', succeeded: 12, refused: 1 },
      { day: '2026-06-01', succeeded: 17, refused: 3 },
    ],
  },
  second_steps: {
    now: { passkey: 9, app: 13, none: 7 },
    days: [
      { day: '2026-05-31', users: 28, with_second_step: 21 },
      { day: '2026-06-01', users: 29, with_second_step: 22 },
    ],
  },
}

export const OverviewView = named(
  'Overview',
  Type.Object(
    {
      users: Type.Object({ total: Count, active: Count, invited: Count, no_factor: Count, disabled: Count }),
      admins: Type.Object({ with_second_step: Count, without_second_step: Count }),
      sessions: Type.Integer({ minimum: 0, description: 'Running sessions; 5,000 if there are as many or more.' }),
      sessions_by_day: Type.Array(Type.Object({ ...Day, sessions: nullable(Count) }), {
        description:
          'The last 30 days in UTC, today last: the sessions that ran when they were last counted; null if they were not.',
      }),
      sign_ins: Type.Object({
        last_24_hours: Type.Object(Tally),
        days: Type.Array(Type.Object({ ...Day, ...Tally }), {
          description: 'The last 30 days in UTC, today last.',
        }),
      }),
      second_steps: Type.Object({
        now: Type.Object(
          { passkey: Count, app: Count, none: Count },
          { description: 'Enabled users: with a passkey, with an app and no passkey, with neither.' },
        ),
        days: Type.Array(Type.Object({ ...Day, users: Count, with_second_step: Count }), {
          description: 'The same days: how many of the present enabled users existed by then, and had a second step.',
        }),
      }),
    },
    { description: 'Users, sessions and sign-ins, counted now and by day.', examples: [EXAMPLE] },
  ),
)

/** The dashboard's numbers as the API returns them; days are dates in UTC. */
export function presentOverview(overview: Overview): Static<typeof OverviewView> {
  const { users, sessions, sessionsByDay, last24Hours, days, adoption } = overview
  const { total, active, invited, noFactor, disabled, actingAdmins, waitingAdmins } = users
  return {
    users: { total, active, invited, no_factor: noFactor, disabled },
    admins: { with_second_step: actingAdmins, without_second_step: waitingAdmins },
    sessions,
    sessions_by_day: sessionsByDay.map(({ day, count }) => ({ day: dateOf(day), sessions: count ?? null })),
    sign_ins: {
      last_24_hours: last24Hours,
      days: days.map(({ day, ...tally }) => ({ day: dateOf(day), ...tally })),
    },
    second_steps: {
      now: { passkey: users.withPasskey, app: users.withApp, none: invited + noFactor },
      days: adoption.map(({ day, users: all, withFactor }) => ({
        day: dateOf(day),
        users: all,
        with_second_step: withFactor,
      })),
    },
  }
}

function dateOf(day: Instant): string {
  return toRfc3339(day).slice(0, 10)
}
