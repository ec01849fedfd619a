import type { Duration } from '#foundation/kernel/time.ts'
import type { auditFindings as inEnglish } from '../english/audit-findings.ts'
import type { FindingWords } from '../english/findings.ts'
import { ageInWords } from '../spans.ts'

const age = (span: Duration): string => ageInWords('de', span)
const CHECKPOINT_FIX =
  'Der Server speichert einen, während er läuft und wenn er anhält. Prüfen Sie, ob der Datenordner beschreibbar ist.'

function hours(span: Duration): string {
  const whole = Math.floor(span / 3_600_000)
  if (whole === 0) return 'weniger als einer Stunde'
  return whole === 1 ? '1 Stunde' : `${whole} Stunden`
}

export const auditFindings: Readonly<Record<keyof typeof inEnglish, FindingWords>> = {
  'audit-chain.current': { sentence: () => 'Die Kette des Protokolls ist auf dem neuesten Stand.' },
  'audit-chain.waiting': {
    sentence: ({ span }) =>
      `Ein Ereignis des Protokolls wartet schon ${age(span)} darauf, verkettet zu werden. Das ist zu lange.`,
    fix: () => 'Der Server verkettet Ereignisse, während er läuft. Wenn er läuft, sagt sein Log, warum es nicht ging.',
  },
  'audit-checkpoint.recent': {
    sentence: ({ span }) =>
      `Ein Prüfpunkt des Protokolls wurde vor ${hours(span)} außerhalb der Datenbank gespeichert.`,
  },
  'audit-checkpoint.late': {
    sentence: ({ span }) =>
      `Der letzte Prüfpunkt des Protokolls wurde vor ${hours(span)} außerhalb der Datenbank gespeichert.`,
    fix: () => CHECKPOINT_FIX,
  },
  'audit-checkpoint.never': {
    sentence: () => 'Noch ist kein Prüfpunkt des Protokolls außerhalb der Datenbank gespeichert.',
    fix: () => CHECKPOINT_FIX,
  },
  'audit-checkpoint.contradicted': {
    sentence: () => 'Das Protokoll passt nicht zu seinem Prüfpunkt: Es wurde abgeschnitten oder neu berechnet.',
    fix: ({ command }) =>
      `Was geändert wurde und wie es nach dem Einspielen einer Sicherung weitergeht, zeigt auf dem Server: ${command}`,
  },
}
