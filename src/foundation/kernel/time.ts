/** A point in time, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number
/** A span of time in whole milliseconds. */
export type Duration = number

/** The last instant of a `Date` (ECMA-262 §21.4.1.1); the first one is as far before 1970. */
export const LAST_INSTANT: Instant = 8_640_000_000_000_000

export const seconds = (count: number): Duration => count * 1000
export const minutes = (count: number): Duration => seconds(count * 60)
export const hours = (count: number): Duration => minutes(count * 60)
export const days = (count: number): Duration => hours(count * 24)

/**
 * How far two correct clocks may differ: the clocks of several nodes, or one clock before and after a small correction. A timestamp that is
 * further in the future was written by a wrong clock.
 */
export const CLOCK_TOLERANCE: Duration = seconds(5)

/**
 * Whether less than `span` has passed since an instant that this process stored. False for an instant in the future: then the clock was set
 * back, so it is unknown how long ago the instant was.
 */
export function isWithin(span: Duration, since: Instant, now: Instant): boolean {
  return since <= now && now - since < span
}

/** The instant as RFC 3339 in UTC with milliseconds, the form of every output. Throws a `RangeError` beyond `LAST_INSTANT`. */
export function toRfc3339(instant: Instant): string {
  return new Date(instant).toISOString()
}

/** The same for an instant that may be absent. */
export function toRfc3339OrNull(instant: Instant | null): string | null {
  return instant === null ? null : toRfc3339(instant)
}
