// Where a day of the calendar begins in a time zone. Node's Temporal would say so, but the oldest Node that we run on has none.
import { hours } from '../kernel/time.ts'
import type { Duration, Instant } from '../kernel/time.ts'
import { calendarOf } from './calendar.ts'

const DAY: Duration = hours(24)

/**
 * The first instant of a day such as `2026-06-01`, or of one so many days later, in an IANA time zone; in UTC without a zone, or
 * with an unknown one. Where clocks are put forward over midnight it is the instant of that change, and where they are put back,
 * the earlier midnight.
 */
export function startOfDay(day: string, timeZone: string | null, daysLater = 0): Instant {
  const midnight = Date.parse(`${day}T00:00:00Z`) + daysLater * DAY
  const offsets = [midnight - DAY, midnight + DAY].map((near) => wallClockAt(near, timeZone) - near)
  const [earlier = midnight, later = midnight] = offsets.map((offset) => midnight - offset)
  return [earlier, later].find((instant) => wallClockAt(instant, timeZone) === midnight) ?? earlier
}

/** What clocks of the zone show, in milliseconds as if it were UTC. */
function wallClockAt(instant: Instant, timeZone: string | null): number {
  const parts = calendarOf('en', timeZone, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(instant)
  const shown = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day, hour, minute, second } = shown
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
