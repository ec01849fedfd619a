import { MOST_SESSIONS } from '#domain/sessions/session-count.service.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { tiles } from '#foundation/web/components/tile.ts'
import type { Html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { activityHref } from '../audit/activity-filter.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import type { Overview } from './overview.service.ts'
import { changeSinceLastWeek, DAYS_OF_WEEK, weeklyChange, weeklyGrowth, weeklySum } from './trend.ts'

/** The four numbers of the server, each a link to what it counts; sessions have no list of their own. */
export function numberTiles(
  { say, permissions }: AdminReader,
  { users, sessions, sessionsByDay, days, adoption }: Overview,
): Html {
  const { tiles: words, numbers } = say.overview
  const shown = new Intl.NumberFormat(say.language)
  const activity = (filter: Parameters<typeof activityHref>[0]): string | undefined =>
    permissions.includes('audit:read') ? activityHref(filter) : undefined
  const from = toRfc3339(days.at(-DAYS_OF_WEEK)?.day ?? 0).slice(0, 10)
  const hasBegun = days.map(({ succeeded, refused }) => succeeded + refused > 0)
  const ofWeek = (which: 'succeeded' | 'refused') => {
    const counts = days.map((day) => day[which])
    return { number: shown.format(weeklySum(counts)), trend: changeInWords(say, weeklyChange(counts, hasBegun)) }
  }
  return tiles(numbers, [
    {
      label: words.users,
      number: shown.format(users.total),
      trend: growthInWords(say, weeklyGrowth(adoption.map((day) => day.users))),
      href: USERS_PATH,
    },
    {
      label: words.signIns,
      ...ofWeek('succeeded'),
      href: activity({ action: 'sign_in.succeeded', from }),
    },
    {
      label: words.refused,
      ...ofWeek('refused'),
      href: activity({ result: 'refused', from }),
    },
    {
      label: words.sessions,
      number: sessions < MOST_SESSIONS ? shown.format(sessions) : `${shown.format(sessions)}+`,
      trend: sessionsInWords(
        say,
        changeSinceLastWeek(
          sessionsByDay.map(({ count }) => count),
          MOST_SESSIONS,
        ),
      ),
      href: undefined,
    },
  ])
}

function growthInWords({ overview: { trends } }: Texts, growth: number | undefined): string | undefined {
  return growth === undefined || growth <= 0 ? undefined : trends.newUsers(growth)
}

function sessionsInWords({ overview: { trends } }: Texts, change: number | undefined): string | undefined {
  if (change === undefined) return undefined
  if (change === 0) return trends.sameAsAWeekAgo
  return change > 0 ? trends.moreThanAWeekAgo(change) : trends.fewerThanAWeekAgo(-change)
}

function changeInWords({ overview: { trends } }: Texts, change: number | undefined): string | undefined {
  if (change === undefined) return undefined
  if (change === 0) return trends.same
  return change > 0 ? trends.more(change) : trends.fewer(-change)
}
