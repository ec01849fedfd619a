import {
  days,
  type Duration,
  hours,
  type Instant,
  LAST_INSTANT,
  minutes,
  seconds,
  toRfc3339,
} from '#foundation/kernel/time.ts'
import { calendarOf, dayAndTime, hoursAndMinutes, namedDay, timeToTheSecond } from '#foundation/texts/day-and-time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '../html.ts'

export interface MomentReader {
  readonly say: Texts
  readonly now: Instant
  /** An IANA time zone; UTC if it is unknown. */
  readonly timeZone?: string | null | undefined
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, Duration])[] = [
  ['year', days(365)],
  ['month', days(30)],
  ['day', days(1)],
  ['hour', hours(1)],
  ['minute', minutes(1)],
]

const EXACT = { dateStyle: 'medium', timeStyle: 'long' } as const

/** A relative time such as "4 minutes ago", with the exact time and its zone in `title` and `datetime`. */
export function moment(reader: MomentReader, instant: Instant): Html {
  const shown = withinCalendar(instant)
  return html`<time datetime="${toRfc3339(shown)}" title="${exactly(reader, shown)}"
    >${relatively(reader, shown)}</time
  >`
}

/** When something of the reader's own happened, in a list under the names of days: the time of day. */
export function timeUnderDay(reader: MomentReader, instant: Instant): Html {
  const shown = withinCalendar(instant)
  return html`<time datetime="${toRfc3339(shown)}" title="${exactly(reader, shown)}"
    >${hoursAndMinutes(reader, shown)}</time
  >`
}

/** When something happened, in a list under the names of days: the time of day, and below it how long ago. */
export function momentOfDay(reader: MomentReader, instant: Instant): Html {
  const shown = withinCalendar(instant)
  // No white space between both: narrow screens hide the second, and a separator follows.
  return html`<time datetime="${toRfc3339(shown)}" title="${exactly(reader, shown)}"
      >${timeToTheSecond(reader, shown)}</time
    >
    <div class="small">${relatively(reader, shown)}</div>`
}

/** The day of a list under which something stands, such as "Wednesday, 2 June 2027". */
export function dayOf(reader: MomentReader, instant: Instant): string {
  return namedDay(reader, withinCalendar(instant))
}

/** The same, or "never" for what has not happened yet. Like a time, it is capitalized where it begins a value. */
export function momentOrNever(reader: MomentReader, instant: Instant | null): Html {
  return instant === null ? html`<span class="never">${reader.say.words.never}</span>` : moment(reader, instant)
}

/** When something ends, to the minute, such as "Wed, 2 Jun 2027, 22:05 UTC". */
export function exactEnd(reader: MomentReader, instant: Instant): string {
  return dayAndTime(reader, withinCalendar(instant))
}

/** The same as a time that does not break, for a sentence. */
export function exactTime(reader: MomentReader, instant: Instant): Html {
  return html`<time datetime="${toRfc3339(withinCalendar(instant))}">${exactEnd(reader, instant)}</time>`
}

/**
 * The instant of something that an admin or a user decides about, such as "Wed, 2 Jun 2027, 22:05 UTC · in 13 days". The date is part of the
 * text, because a title is shown to a resting pointer only.
 */
export function deadline(reader: MomentReader, instant: Instant): Html {
  const shown = withinCalendar(instant)
  return html`<time class="long pieces" datetime="${toRfc3339(shown)}"
    ><span>${exactEnd(reader, shown)}</span>
    <span><span class="apart">·</span> ${relatively(reader, shown)}</span></time
  >`
}

/** Date and time to the second with the short name of the zone, such as "2 Jun 2027, 22:05:00 UTC". */
export function exactly({ say, timeZone }: Omit<MomentReader, 'now'>, instant: Instant): string {
  return calendarOf(say.language, timeZone, EXACT).format(withinCalendar(instant))
}

/** "in 5 minutes", "1 day ago", "just now"; never "yesterday", because 24 hours ago may be another calendar day. */
export function relatively({ say, now }: Omit<MomentReader, 'timeZone'>, instant: Instant): string {
  const away = instant - now
  const [unit, length] = UNITS.find(([, one]) => Math.abs(away) >= one) ?? ['second', seconds(1)]
  if (unit === 'second') return away > 0 ? say.words.inAMoment : say.words.justNow
  return countdownOf(say.language).format(Math.trunc(away / length), unit)
}

/** Clamps an instant beyond the range of a date, so that the page shows the nearest date instead of failing. */
function withinCalendar(instant: Instant): Instant {
  return Math.min(Math.max(instant, -LAST_INSTANT), LAST_INSTANT)
}

// Formatters are cached, because creating one takes far longer than using it.
const countdowns = new Map<string, Intl.RelativeTimeFormat>()

function countdownOf(language: string): Intl.RelativeTimeFormat {
  const known = countdowns.get(language)
  if (known) return known
  const made = new Intl.RelativeTimeFormat(language, { numeric: 'always' })
  countdowns.set(language, made)
  return made
}
