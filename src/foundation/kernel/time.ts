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

/**
 * The instant as RFC 3339 in UTC with milliseconds, the form every door prints. Throws a RangeError beyond `LAST_INSTANT`.
 */
export function toRfc3339(instant: Instant): string {
  return new Date(instant).toISOString()
}

/** The same for a moment that may not have come yet. */
export function toRfc3339OrNull(instant: Instant | null): string | null {
  return instant === null ? null : toRfc3339(instant)
}
