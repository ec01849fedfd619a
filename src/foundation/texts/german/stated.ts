import { days, type Duration } from '#foundation/kernel/time.ts'
import { statedIn } from '../spans.ts'

const SMALL = ['eine', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf']
const OTHERS = {
  hours: ['Stunde', 'Stunden'],
  minutes: ['Minute', 'Minuten'],
  seconds: ['Sekunde', 'Sekunden'],
} as const

/** How German sentences state limits. */
export const stated = statedIn({ small: SMALL, units: { days: ['Tag', 'Tage'], ...OTHERS }, thousands: '.' })

/** The same in the dative, as after “nach” and “in den letzten”. */
export const statedDative = statedIn({ small: SMALL, units: { days: ['Tag', 'Tagen'], ...OTHERS }, thousands: '.' })

/** `einer Woche` for seven days, in the dative or genitive. */
export const roundDative = (span: Duration): string => (span === days(7) ? 'einer Woche' : statedDative.span(span))

const ROUND: Readonly<Record<Duration, string>> = { [days(7)]: 'eine Woche', [days(1)]: 'einen Tag' }

/** `eine Woche` for seven days, `einen Tag` for one, in the accusative. */
export const roundSpan = (span: Duration): string => ROUND[span] ?? stated.span(span)

/** How often something is: `am Tag`. */
export const roundEvery = (span: Duration): string => (span === days(1) ? 'am Tag' : `in ${roundDative(span)}`)
