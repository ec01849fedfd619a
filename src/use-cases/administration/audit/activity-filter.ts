// The query string of the activity page: user, action, result, IP address and days.
import type { EventAction, EventResult } from '../../../domain/audit/event.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import { startOfDay } from '../../../foundation/kernel/start-of-day.ts'
import type { NamedEventFilter } from './events.service.ts'

export const ACTIVITY_PATH = '/admin/activity'

export interface ActivityAddress {
  /** A subject, an id, a username or an email. */
  readonly about?: string | undefined
  readonly action?: EventAction | undefined
  readonly result?: EventResult | undefined
  /** An IP address or a network in CIDR notation. */
  readonly address?: string | undefined
  /** Calendar days, both included, such as `2026-06-01`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** The filter without the page's limit and cursor. */
export type ActivityFilter = Omit<NamedEventFilter, 'limit' | 'cursor'>

/**
 * Returns the filter of a query string.
 *
 * @param timeZone IANA name of the zone in which the days begin; null means UTC
 */
export function activityFilter(page: ActivityAddress, timeZone: string | null): ActivityFilter {
  const { about, action, result, address, from, to } = page
  return {
    ...(about !== undefined && { about }),
    ...(action !== undefined && { action }),
    ...(result !== undefined && { result }),
    ...(address !== undefined && { address }),
    ...(from !== undefined && { since: startOfDay(from, timeZone) }),
    ...(to !== undefined && { until: startOfDay(to, timeZone, 1) }),
  }
}

/** The URL of the activity page with this filter, at this cursor. */
export function activityHref(address: ActivityAddress, cursor?: string): string {
  const query = queryOf({ ...address, cursor })
  return query === '' ? ACTIVITY_PATH : `${ACTIVITY_PATH}?${query}`
}

/** The path of the API route that returns the same events. */
export function apiPathFor({ since, until, about, action, result, address }: ActivityFilter): string {
  const query = queryOf({
    about,
    action,
    result,
    address,
    since: since === undefined ? undefined : toRfc3339(since),
    until: until === undefined ? undefined : toRfc3339(until),
  })
  return query === '' ? '/audit-events' : `/audit-events?${query}`
}

function queryOf(said: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(said).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return new URLSearchParams(pairs).toString()
}
