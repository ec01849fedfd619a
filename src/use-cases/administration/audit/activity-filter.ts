// The query string of the activity page: user, action, result, IP address and days.
// Tested in test/stories/pages-admin.test.ts.
import { withQuery } from '#foundation/kernel/query-string.ts'
import { startOfDay } from '#foundation/kernel/start-of-day.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import type { Static } from '#foundation/web/http/type.ts'
import type { ActivityQuery } from './events.schema.ts'
import type { NamedEventFilter } from './events.service.ts'

export const ACTIVITY_PATH = '/admin/activity'
/** Above the page of each event. */
export const EVENTS_PATH = `${ACTIVITY_PATH}/events`

/** The fields of the filter form. */
export type ActivityListQuery = Omit<Static<typeof ActivityQuery>, 'cursor'>

/** Returns the filter of a query string. `timeZone` is the IANA name of the zone in which the days begin; null means UTC. */
export function activityFilter({ from, to, ...same }: ActivityListQuery, timeZone: string | null): NamedEventFilter {
  return {
    ...same,
    since: from === undefined ? undefined : startOfDay(from, timeZone),
    until: to === undefined ? undefined : startOfDay(to, timeZone, 1),
  }
}

/** The URL of the activity page with this filter, at this cursor. */
export function activityHref(listQuery: ActivityListQuery, cursor?: string): string {
  return withQuery(ACTIVITY_PATH, { ...listQuery, cursor })
}

/** The path of the API route that returns the same events. */
export function apiPathFor({ since, until, about, action, result, address }: NamedEventFilter): string {
  const times = {
    since: since === undefined ? undefined : toRfc3339(since),
    until: until === undefined ? undefined : toRfc3339(until),
  }
  return withQuery('/audit-events', { about, action, result, address, ...times })
}
