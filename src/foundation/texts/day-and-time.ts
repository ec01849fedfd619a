import type { Instant } from '#foundation/kernel/time.ts'

type Style = Readonly<Intl.DateTimeFormatOptions>

// Making a format takes a hundred times as long as using it, and a table of users has hundreds of moments.
const calendars = new Map<string, Intl.DateTimeFormat>()
/** People choose their zone, so there may be a few hundred. */
const MOST_CALENDARS = 100

/** Days before months, and a clock of 24 hours: plain English is written as in Britain. */
const LOCALES: Readonly<Record<string, string>> = { en: 'en-GB' }

/**
 * Writes moments in a language and an IANA time zone. Without a zone, or with one that there is not, in UTC and, where
 * that has to be said, in a style of its own.
 */
export function calendarOf(
  language: string,
  timeZone: string | null | undefined,
  style: Style,
  inUtc: Style = style,
): Intl.DateTimeFormat {
  const key = JSON.stringify([language, timeZone, style])
  const known = calendars.get(key)
  if (known) return known
  if (calendars.size >= MOST_CALENDARS) calendars.clear()
  const made = newCalendar(LOCALES[language] ?? language, timeZone ?? null, style, inUtc)
  calendars.set(key, made)
  return made
}

function newCalendar(locale: string, timeZone: string | null, style: Style, inUtc: Style): Intl.DateTimeFormat {
  const utc = { ...inUtc, timeZone: 'UTC' }
  try {
    return new Intl.DateTimeFormat(locale, timeZone === null ? utc : { ...style, timeZone })
  } catch {
    // An externally inserted row may name any zone. The time is then shown in UTC, which is correct too.
    return new Intl.DateTimeFormat(locale, utc)
  }
}

/** Whose language and zone it is. */
interface Reader {
  readonly say: { readonly language: string }
  /** An IANA time zone; where none is known the time is in UTC and says so. */
  readonly timeZone?: string | null | undefined
}

const DAY = { dateStyle: 'long' } as const
const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
/** In both languages a clock of 24 hours. */
const SHORT_TIME = { timeStyle: 'short' } as const
const SECONDS = { ...TIME, second: '2-digit' } as const
const NAMED_DAY = { dateStyle: 'full' } as const
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

/** The same, under the name of its day, which says the zone. */
export function hoursAndMinutes({ say, timeZone }: Reader, instant: Instant): string {
  return calendarOf(say.language, timeZone, SHORT_TIME).format(instant)
}

/** The time of day to the second, such as "14:32:05", under the name of its day. */
export function timeToTheSecond({ say, timeZone }: Reader, instant: Instant): string {
  return calendarOf(say.language, timeZone, SECONDS).format(instant)
}

/** The day with its name, such as "Wednesday, 2 June 2027"; with the zone where the reader has chosen none, for the times below it. */
export function namedDay({ say, timeZone }: Reader, instant: Instant): string {
  const named = calendarOf(say.language, timeZone, NAMED_DAY).format(instant)
  return timeZone ? named : `${named} · UTC`
}

/** When something ends, to the minute, such as "Wed, 2 Jun 2027, 22:05 UTC". */
export function dayAndTime({ say, timeZone }: Reader, instant: Instant): string {
  return calendarOf(say.language, timeZone, DAY_AND_TIME).format(instant)
}
