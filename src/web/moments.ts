import type { Duration, Instant } from '../kernel/time.ts'
import { days, hours, minutes, seconds, toRfc3339 } from '../kernel/time.ts'
import { html } from './html.ts'
import type { Html } from './html.ts'
import type { Texts } from './texts.ts'

export interface MomentReader {
  readonly say: Texts
  readonly now: Instant
  /** An IANA time zone; UTC where none is known. */
  readonly timeZone?: string | null
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, Duration])[] = [
  ['year', days(365)],
  ['month', days(30)],
  ['day', days(1)],
  ['hour', hours(1)],
  ['minute', minutes(1)],
]

/** A moment as people say it, such as "4 minutes ago"; the exact one, with its zone, on hover and for machines. */
export function moment(reader: MomentReader, instant: Instant): Html {
  return html`<time datetime="${toRfc3339(instant)}" title="${exactly(reader, instant)}"
    >${relatively(reader, instant)}</time
  >`
}

/** Date and time with the zone's short name. */
export function exactly({ say, timeZone }: Omit<MomentReader, 'now'>, instant: Instant): string {
  const options = { dateStyle: 'long', timeStyle: 'long', timeZone: timeZone ?? 'UTC' } as const
  return new Intl.DateTimeFormat(say.language, options).format(instant)
}

/** "in 5 minutes", "yesterday", "just now". */
export function relatively({ say, now }: Omit<MomentReader, 'timeZone'>, instant: Instant): string {
  const away = instant - now
  const [unit, length] = UNITS.find(([, one]) => Math.abs(away) >= one) ?? ['second', seconds(1)]
  if (unit === 'second') return away > 0 ? say.words.inAMoment : say.words.justNow
  return new Intl.RelativeTimeFormat(say.language, { numeric: 'auto' }).format(Math.trunc(away / length), unit)
}
