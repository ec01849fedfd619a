import { days, type Duration, hours, minutes, seconds } from '#foundation/kernel/time.ts'

/** Made at first use: making one takes a tenth of a start. */
const formats = new Map<string, Intl.DurationFormat>()

/** A wait of whole seconds in words, such as `4 minutes, 30 seconds`; undefined when its length is unknown. */
export function waitInWords(language: string, wait: number | undefined): string | undefined {
  if (wait === undefined) return undefined
  const whole = Math.max(1, Math.ceil(wait))
  const inHours = Math.floor(whole / 3600)
  const inMinutes = Math.floor((whole % 3600) / 60)
  return formatOf(language).format({ hours: inHours, minutes: inMinutes, seconds: whole % 60 })
}

/** How long something has gone on: from two days on in days and hours, as minutes do not matter then. */
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
  const { unit, count } = wholeUnits(span)
  return formatOf(language).format({ [unit]: count })
}

function wholeUnits(span: Duration): { readonly unit: SpanUnit; readonly count: number } {
  const fits = UNITS.find(([unit, length]) => span % length === 0 && (unit !== 'days' || span > length))
  const [unit, length] = fits ?? (['seconds', seconds(1)] as const)
  return { unit, count: Math.ceil(span / length) }
}

type SpanUnit = (typeof UNITS)[number][0] | 'seconds'

/** The words of a language for the numbers that its sentences state. */
interface NumberWords {
  /** `one`, `two` and so on. */
  readonly small: readonly string[]
  readonly units: Readonly<Record<SpanUnit, readonly [one: string, many: string]>>
  readonly thousands: string
}

/** How the sentences of a language state limits: made once when its texts are loaded, so without `Intl`, whose formats start slowly. */
export function statedIn({ small, units, thousands }: NumberWords) {
  const count = (number: number): string => String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, thousands)
  const inUnits = (span: Duration, said: (number: number) => string): string => {
    const { unit, count: number } = wholeUnits(span)
    return `${said(number)} ${units[unit][number === 1 ? 0 : 1]}`
  }
  const word = (number: number): string => small[number - 1] ?? count(number)
  return {
    /** `1,000` */
    count,
    /** `three`, and in digits what has no word. */
    word,
    /** `30 days` */
    span: (span: Duration): string => inUnits(span, count),
    /** `one hour` */
    spelled: (span: Duration): string => inUnits(span, word),
    /** `1 day`, also for a single one. */
    days: (span: Duration): string => `${count(span / days(1))} ${units.days[span === days(1) ? 0 : 1]}`,
  }
}

function formatOf(language: string): Intl.DurationFormat {
  const known = formats.get(language)
  if (known) return known
  const made = new Intl.DurationFormat(language, { style: 'long' })
  formats.set(language, made)
  return made
}
