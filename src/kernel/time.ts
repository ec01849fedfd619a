/** A moment, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number
/** A span of time in whole milliseconds. */
export type Duration = number

/** The furthest moment a date can be (ECMA-262 §21.4.1.1); as far before 1970 as after. */
export const LAST_INSTANT: Instant = 8_640_000_000_000_000

export const seconds = (count: number): Duration => count * 1000
export const minutes = (count: number): Duration => seconds(count * 60)
export const hours = (count: number): Duration => minutes(count * 60)
export const days = (count: number): Duration => hours(count * 24)

/**
 * How far two clocks that are right may differ: small corrections of one machine, and several nodes. A stamp that is further
 * ahead of now comes from a clock that was wrong.
 */
export const CLOCK_TOLERANCE: Duration = seconds(5)

/**
 * Whether less than `span` has passed since a moment that this process keeps. False for a moment in the future: the clock was
 * set back since, so it is unknown how long ago that moment was.
 */
export function isWithin(span: Duration, since: Instant, now: Instant): boolean {
  return since <= now && now - since < span
}

const DAY = days(1)
const PADDED = Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0'))
/** Days that were written lately: most moments share a few of them. */
const dates = new Map<number, string>()
const MOST_DATES = 1000

/**
 * The instant as RFC 3339 in UTC with milliseconds, the form every door prints. Only the date needs a calendar: what a
 * `Date` prints takes six times as long, and a page of users has hundreds. Throws a RangeError where there is no date.
 */
export function toRfc3339(instant: Instant): string {
  if (!(Math.abs(instant) <= LAST_INSTANT)) throw new RangeError('No date is that far away')
  const day = Math.floor(instant / DAY)
  const time = instant - day * DAY
  return `${dateOf(day)}T${two(time / hours(1))}:${two((time / minutes(1)) % 60)}:${two((time / 1000) % 60)}.${three(time % 1000)}Z`
}

function dateOf(day: number): string {
  const known = dates.get(day)
  if (known !== undefined) return known
  const [date = ''] = new Date(day * DAY).toISOString().split('T')
  if (dates.size >= MOST_DATES) dates.clear()
  dates.set(day, date)
  return date
}

const three = (number: number): string => PADDED[Math.trunc(number)] ?? ''
const two = (number: number): string => three(number).slice(1)

/** The same for a moment that may not have come yet. */
export function toRfc3339OrNull(instant: Instant | null): string | null {
  return instant === null ? null : toRfc3339(instant)
}
