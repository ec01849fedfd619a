// What the server finds about its clock.
import { ageInWords } from '../spans.ts'
import type { Duration } from '../../kernel/time.ts'
import type { clockFindings as english } from '../english/clock-findings.ts'
import type { FindingWords } from '../english/finding.ts'

const age = (span: Duration): string => ageInWords('de', span)
const seconds = (span: Duration): string => (Math.abs(span) / 1000).toFixed(1).replace('.', ',')
const JUMP_FIX =
  'Wenn niemand die Uhr gestellt hat und die Maschine nicht im Ruhezustand war, prüfen Sie ihre automatische Zeit (NTP). Einträge von damals können eine falsche Zeit tragen.'

export const clockFindings: Record<keyof typeof english, FindingWords> = {
  'clock.own': { sentence: () => 'Server und Datenbank haben dieselbe Uhr.' },
  'clock.agrees': {
    sentence: ({ span }) => `Die Uhren von Server und Datenbank stimmen auf ${seconds(span)} Sekunden überein.`,
  },
  'clock.differs': {
    sentence: ({ span }) => `Die Uhren von Server und Datenbank weichen um ${seconds(span)} Sekunden voneinander ab.`,
    fix: () =>
      'Schalten Sie auf beiden Maschinen die automatische Zeit (NTP) ein; ob ein Code stimmt, hängt von der Uhr ab.',
  },
  'clock-jumps.none': { sentence: () => 'Die Uhr des Servers ist in den letzten 30 Tagen nicht gesprungen.' },
  'clock-jumps.ahead': {
    sentence: ({ span, ago }) =>
      `Die Uhr des Servers ist vorgesprungen. Größe des Sprungs: ${age(span)}. Seitdem vergangen: ${age(ago)}.`,
    fix: () => JUMP_FIX,
  },
  'clock-jumps.back': {
    sentence: ({ span, ago }) =>
      `Die Uhr des Servers ist zurückgesprungen. Größe des Sprungs: ${age(span)}. Seitdem vergangen: ${age(ago)}.`,
    fix: () => JUMP_FIX,
  },
}
