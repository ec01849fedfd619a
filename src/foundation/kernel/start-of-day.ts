// Computes where a calendar day begins, or a time on it is, in a time zone. `Temporal` would do it, but the oldest supported Node lacks it.
import { days, type Instant } from './time.ts'

/**
 * The first instant of a day such as `2026-06-01`, or of the day `daysLater`, in an IANA time zone; in UTC without a zone or with an
 * unknown one. Where clocks are put forward over midnight, it is the instant of the change; where they are put back, the earlier midnight.
 */
export function startOfDay(day: string, timeZone: string | null, daysLater = 0): Instant {
  return firstShowing(Date.parse(`${day}T00:00:00Z`) + days(daysLater), timeZone)
}

/**
 * The instant at which clocks of the same zones show a time such as `08:30` on a day: the earlier one where they show it twice. Where clocks
 * are put forward over it, it is the instant that would have had this time without the change.
 */
export function timeOnDay(day: string, time: string, timeZone: string | null): Instant {
  return firstShowing(Date.parse(`${day}T${time}:00Z`), timeZone)
}

/** Whether a text is a day that exists, in a year of four digits: `Date.parse` takes 30 February for 2 March. */
export function isDay(text: string): boolean {
  const instant = /^[1-9]\d{3}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text)
}

/** @param local what the clock shows, as milliseconds as if it were UTC */
function firstShowing(local: number, timeZone: string | null): Instant {
  const clock = clockIn(timeZone ?? 'UTC')
  const offsets = [local - days(1), local + days(1)].map((near) => shownBy(clock, near) - near)
  const [earlier = local, later = local] = offsets.map((offset) => local - offset)
  return [earlier, later].find((instant) => shownBy(clock, instant) === local) ?? earlier
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
