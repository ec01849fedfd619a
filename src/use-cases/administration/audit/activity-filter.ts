// What the address of the page of activity says: about whom, of which kind, from where, between which days.
import type { EventAction, EventResult } from '../../../domain/audit/event.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import { startOfDay } from '../../../foundation/kernel/start-of-day.ts'
import type { NamedEventFilter } from './events.service.ts'

export const ACTIVITY_PATH = '/admin/activity'

export interface ActivityAddress {
  /** A subject, an id, a username or an address. */
  readonly about?: string | undefined
  readonly action?: EventAction | undefined
  readonly result?: EventResult | undefined
  /** A network address, or a network of them. */
  readonly address?: string | undefined
  /** Days of the calendar, both included, such as `2026-06-01`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Everything but where a page begins. */
export type ActivityFilter = Omit<NamedEventFilter, 'limit' | 'cursor'>

/** @param timeZone in which the days begin; UTC where none is known */
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

export function activityHref(address: ActivityAddress, cursor?: string): string {
  const query = queryOf({ ...address, cursor })
  return query === '' ? ACTIVITY_PATH : `${ACTIVITY_PATH}?${query}`
}

/** The request of the API that answers the same. */
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
