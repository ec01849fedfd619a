// What the address of the page of activity says: about whom, of which kind, between which days.
import type { EventAction, EventResult } from '../../audit/event.ts'
import type { EventFilter } from '../../audit/audit.service.ts'
import { toRfc3339 } from '../../kernel/time.ts'
import type { Instant } from '../../kernel/time.ts'

export const ACTIVITY_PATH = '/admin/activity'

export interface ActivityAddress {
  /** A subject, an id, a username or an address. */
  readonly about?: string | undefined
  readonly action?: EventAction | undefined
  readonly result?: EventResult | undefined
  /** Days of the calendar, both included, such as `2026-06-01`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Everything but where a page begins. */
export type ActivityFilter = Omit<EventFilter, 'limit' | 'cursor'>

/** @param timeZone in which the days begin; UTC where none is known */
export function activityFilter(address: ActivityAddress, timeZone: string | null): ActivityFilter {
  const { about, action, result, from, to } = address
  return {
    ...(about !== undefined && { about }),
    ...(action !== undefined && { action }),
    ...(result !== undefined && { result }),
    ...(from !== undefined && { since: startOfDay(from, 0, timeZone) }),
    ...(to !== undefined && { until: startOfDay(to, 1, timeZone) }),
  }
}

// A day is not always 24 hours long.
function startOfDay(day: string, later: number, timeZone: string | null): Instant {
  const date = Temporal.PlainDate.from(day).add({ days: later })
  return date.toZonedDateTime(timeZone ?? 'UTC').epochMilliseconds
}

export function activityHref(address: ActivityAddress, cursor?: string): string {
  const query = queryOf({ ...address, cursor })
  return query === '' ? ACTIVITY_PATH : `${ACTIVITY_PATH}?${query}`
}

/** The request of the API that answers the same. */
export function apiPathFor({ since, until, about, action, result }: ActivityFilter): string {
  const query = queryOf({
    about,
    action,
    result,
    since: since === undefined ? undefined : toRfc3339(since),
    until: until === undefined ? undefined : toRfc3339(until),
  })
  return query === '' ? '/audit-events' : `/audit-events?${query}`
}

function queryOf(said: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return new URLSearchParams(pairs).toString()
}
