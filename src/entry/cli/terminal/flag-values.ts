// Checks and parses the values of flags.
import { InvalidArgumentError } from 'commander'

import { ipAddressRange } from '#foundation/kernel/ip-address-range.ts'
import type { Duration, Instant } from '#foundation/kernel/time.ts'
import { configFlags } from '#foundation/platform/config/manual.ts'
import { duration } from '#foundation/platform/config/parse.ts'
import { endIn } from '#use-cases/administration/invitations/invitation-list.ts'
import { CliFailure } from './failure.ts'

const ALONE = new Set(configFlags().flatMap(({ flag, alone }) => (alone ? [flag] : [])))

/**
 * The words of a command line with `--docs=false` replaced by `--no-docs`: docs/configuration.md says that such a setting takes `true` or
 * `false`, but its flag takes no value.
 */
export function withoutFlagValues(argv: readonly string[]): string[] {
  return argv.map((word, index) => {
    const [flag = '', value] = word.split(/=(.*)/s)
    if (!ALONE.has(flag)) return word
    if (value === undefined && !/^(true|false)$/i.test(argv[index + 1] ?? '')) return word
    if (value?.toLowerCase() === 'true') return flag
    if (value?.toLowerCase() === 'false') return flag.replace('--', '--no-')
    throw CliFailure.usage(`Use ${flag}, ${flag}=true or ${flag}=false`)
  })
}

/** Returns the parser of a flag such as `--limit 20`. */
export function wholeNumberFlag(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`Use a whole number from ${least} to ${most}.`)
  }
}

export const IP_ADDRESS_FLAG = 'only from this IP address or network, such as 192.0.2.0/24 or 2001:db8::/64'

/** Checks a flag such as `--address 192.0.2.0/24`; the query of the events parses it again. */
export function readNetwork(text: string): string {
  if (ipAddressRange(text) !== undefined) return text
  throw new InvalidArgumentError('Use an IP address like 192.0.2.7 or a network like 192.0.2.0/24.')
}

const SPAN = duration('1s', '3650d')

/** Parses a flag such as `--expires 24h`. */
export function readSpan(text: string): Duration {
  const span = SPAN.read(text)
  if (span === undefined) throw new InvalidArgumentError('Use a duration like 90s, 30m, 24h or 7d.')
  return span
}

/** The value of `--since` and `--until`, a span before now or an instant (RFC 3339). */
export interface Moment {
  /** The value as it was typed, for the command of the next page. */
  readonly typed: string
  at(now: Instant): Instant
}

export function readMoment(text: string): Moment {
  const span = SPAN.read(text)
  if (span !== undefined) return { typed: text, at: (now) => now - span }
  const at = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('Use a duration like 7d or a time like 2026-06-03T12:00:00Z.')
  return { typed: text, at: () => at }
}

/** Parses a flag such as `--from 14d`, a span from now on or an instant (RFC 3339). */
export function readStart(text: string): Moment {
  const span = SPAN.read(text)
  if (span !== undefined) return { typed: text, at: (now) => now + span }
  const at = /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('Use a duration like 14d or a time like 2027-01-31T08:00:00Z.')
  return { typed: text, at: () => at }
}

export const LOCALE = 'their language, such as de'

export const GROUP = 'name of a group to join; repeat for more'

/** Parses one flag `--group Sales` and adds it to those before it. */
export function readGroupName(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

export const EXPIRES_AT = 'last day (UTC), or a time like 2027-06-30T12:00:00Z'

/** Parses a flag such as `--expires-at 2027-06-30`, the last day of an account. */
export function readAccountEnd(text: string): Instant {
  const end = endIn(text, null)
  if (end === null || end === undefined)
    throw new InvalidArgumentError('Use a day like 2027-06-30 or a time like 2027-06-30T12:00:00Z.')
  return end
}
