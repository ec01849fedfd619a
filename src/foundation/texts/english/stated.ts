import { days, type Duration } from '#foundation/kernel/time.ts'
import { statedIn } from '../spans.ts'

/** How English sentences state limits. */
export const stated = statedIn({
  small: ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  units: {
    days: ['day', 'days'],
    hours: ['hour', 'hours'],
    minutes: ['minute', 'minutes'],
    seconds: ['second', 'seconds'],
  },
  thousands: ',',
})

const ROUND: Readonly<Record<Duration, string>> = { [days(7)]: 'a week', [days(1)]: 'a day' }

/** `a week` for seven days, `a day` for one. */
export const roundSpan = (span: Duration): string => ROUND[span] ?? stated.span(span)
