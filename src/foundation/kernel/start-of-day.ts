// Computes where a calendar day begins in a time zone. `Temporal` would do it, but the oldest supported Node lacks it.
import { days } from './time.ts'
import type { Instant } from './time.ts'

/**
 * The first instant of a day such as `2026-06-01`, or of the day `daysLater`, in an IANA time zone; in UTC without a zone or with an
 * unknown one. Where clocks are put forward over midnight, it is the instant of the change; where they are put back, the earlier midnight.
 */
export function startOfDay(day: string, timeZone: string | null, daysLater = 0): Instant {
  const midnight = Date.parse(`${day}T00:00:00Z`) + days(daysLater)
  const clock = clockIn(timeZone ?? 'UTC')
  const offsets = [midnight - days(1), midnight + days(1)].map((near) => shownBy(clock, near) - near)
  const [earlier = midnight, later = midnight] = offsets.map((offset) => midnight - offset)
  return [earlier, later].find((instant) => shownBy(clock, instant) === midnight) ?? earlier
}

/** The day on which an instant falls in a time zone, such as `2026-06-01`; the same zones as in `startOfDay`. */
export function dayAt(instant: Instant, timeZone: string | null): string {
  return new Date(shownBy(clockIn(timeZone ?? 'UTC'), instant)).toISOString().slice(0, 10)
}

function clockIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' })
  } catch {
    // A row inserted by another program may hold an unknown time zone.
    return clockIn('UTC')
  }
}

/** The local time at `instant`, as milliseconds as if it were UTC. */
function shownBy(clock: Intl.DateTimeFormat, instant: Instant): number {
  const shown = Object.fromEntries(clock.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day, hour, minute, second } = shown
  return Date.UTC(year, month - 1, day, hour, minute, second)
}
