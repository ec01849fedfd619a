// Formats and parses instants and spans.
import { InvalidArgumentError } from 'commander'

import type { Duration, Instant } from '../../../foundation/kernel/time.ts'
import { duration } from '../../../foundation/platform/config/parse.ts'

const SPAN = duration('1s', '3650d')

let exact: Intl.DateTimeFormat | undefined

/** For example `Wed, 3 Jun 2026, 14:05 CEST`. */
export function momentForPeople(instant: Instant): string {
  // Created at the first use, because that takes longer than many commands.
  exact ??= new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  return exact.format(instant)
}

/** Parses a flag such as `--expires 24h`. */
export function readSpan(text: string): Duration {
  const span = SPAN.read(text)
  if (span === undefined) throw new InvalidArgumentError('Write a span like 90s, 30m, 24h or 7d.')
  return span
}

/** The value of `--since` and `--until`: a span before now, or an instant (RFC 3339). */
export type Moment = { readonly before: Duration } | { readonly at: Instant }

export function readMoment(text: string): Moment {
  const span = SPAN.read(text)
  if (span !== undefined) return { before: span }
  const at = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('Write a span like 7d, or a moment like 2026-06-03T12:00:00Z.')
  return { at }
}

export function instantOf(moment: Moment, now: Instant): Instant {
  return 'at' in moment ? moment.at : now - moment.before
}
