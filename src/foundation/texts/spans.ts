import { days, type Duration, hours, minutes, seconds } from '#foundation/kernel/time.ts'

/** Made at first use: making one takes a tenth of a start. */
const formats = new Map<string, Intl.DurationFormat>()

/** A wait of whole seconds in words, such as `4 minutes, 30 seconds`; undefined when nobody knows how long it is. */
export function waitInWords(language: string, wait: number | undefined): string | undefined {
  if (wait === undefined) return undefined
  const whole = Math.max(1, Math.ceil(wait))
  const inHours = Math.floor(whole / 3600)
  const inMinutes = Math.floor((whole % 3600) / 60)
  return formatOf(language).format({ hours: inHours, minutes: inMinutes, seconds: whole % 60 })
}

/** How long something has gone on: from two days on in days and hours, as nobody counts minutes then. */
export function ageInWords(language: string, age: Duration): string {
  if (age < days(2)) return waitInWords(language, age / 1000) ?? ''
  const inHours = Math.floor((age % days(1)) / hours(1))
  return formatOf(language).format({ days: Math.floor(age / days(1)), hours: inHours })
}

const UNITS = [
  ['days', days(1)],
  ['hours', hours(1)],
  ['minutes', minutes(1)],
] as const

/** `7 days`, `24 hours`, `90 minutes`: in the largest unit that leaves nothing over; a single day is said in hours. */
export function spanInWords(language: string, span: Duration): string {
  const fits = UNITS.find(([unit, length]) => span % length === 0 && (unit !== 'days' || span > length))
  const [unit, length] = fits ?? (['seconds', seconds(1)] as const)
  return formatOf(language).format({ [unit]: Math.ceil(span / length) })
}

function formatOf(language: string): Intl.DurationFormat {
  const known = formats.get(language)
  if (known) return known
  const made = new Intl.DurationFormat(language, { style: 'long' })
  formats.set(language, made)
  return made
}
