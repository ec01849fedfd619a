/** A moment, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number
/** A span of time in whole milliseconds. */
export type Duration = number

export const seconds = (count: number): Duration => count * 1000
export const minutes = (count: number): Duration => seconds(count * 60)
export const hours = (count: number): Duration => minutes(count * 60)
export const days = (count: number): Duration => hours(count * 24)

/** The instant as RFC 3339 in UTC with milliseconds, the form every door prints. */
export function toRfc3339(instant: Instant): string {
  return new Date(instant).toISOString()
}

/** The same for a moment that may not have come yet. */
export function toRfc3339OrNull(instant: Instant | null): string | null {
  return instant === null ? null : toRfc3339(instant)
}
