// What the server finds about its clock.
import { ageInWords } from '../spans.ts'
import type { Duration } from '../../kernel/time.ts'
import type { FindingWords } from './finding.ts'

const age = (span: Duration): string => ageInWords('en', span)
const seconds = (span: Duration): string => (Math.abs(span) / 1000).toFixed(1)
const JUMP_FIX =
  'If nobody set the clock and the machine did not sleep, check its automatic time (NTP). Events from then can show a wrong time.'

export const clockFindings = {
  'clock.own': { sentence: () => 'Server and database share one clock.' },
  'clock.agrees': { sentence: ({ span }) => `The clocks of server and database agree to ${seconds(span)} seconds.` },
  'clock.differs': {
    sentence: ({ span }) => `The clocks of server and database differ by ${seconds(span)} seconds.`,
    fix: () => 'Turn on automatic time (NTP) on both machines; whether a code is right depends on the clock.',
  },
  'clock-jumps.none': { sentence: () => 'The clock of the server has not jumped in the last 30 days.' },
  'clock-jumps.ahead': {
    sentence: ({ span, ago }) => `The clock of the server jumped ahead by ${age(span)}. That was ${age(ago)} ago.`,
    fix: () => JUMP_FIX,
  },
  'clock-jumps.back': {
    sentence: ({ span, ago }) => `The clock of the server jumped back by ${age(span)}. That was ${age(ago)} ago.`,
    fix: () => JUMP_FIX,
  },
} satisfies Record<string, FindingWords>
