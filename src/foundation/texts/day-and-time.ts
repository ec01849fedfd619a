import type { Instant } from '../kernel/time.ts'
import { calendarOf } from './calendar.ts'

/** Whose language and zone it is. */
interface Reader {
  readonly say: { readonly language: string }
  /** An IANA time zone; where none is known the time is in UTC and says so. */
  readonly timeZone?: string | null | undefined
}

const DAY = { dateStyle: 'long' } as const
const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const TIME_IN_UTC = { ...TIME, timeZoneName: 'short' } as const
const DAY_AND_TIME = { ...TIME_IN_UTC, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' } as const

/** The day alone, such as "2 June 2027". */
export function day({ say, timeZone }: Reader, instant: Instant): string {
  return calendarOf(say.language, timeZone, DAY).format(instant)
}

/** The time of day, such as "14:32". */
export function timeOfDay({ say, timeZone }: Reader, instant: Instant): string {
  return calendarOf(say.language, timeZone, TIME, TIME_IN_UTC).format(instant)
}

/** When something ends, to the minute, such as "Wed, 2 Jun 2027, 22:05 UTC". */
export function dayAndTime({ say, timeZone }: Reader, instant: Instant): string {
  return calendarOf(say.language, timeZone, DAY_AND_TIME).format(instant)
}
