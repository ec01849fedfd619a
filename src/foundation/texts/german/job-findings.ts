// What the server finds about its background jobs.
import { ageInWords } from '../spans.ts'
import type { jobFindings as englishFindings } from '../english/job-findings.ts'

export const jobFindings: typeof englishFindings = {
  'jobs.well': { sentence: () => 'Alle Hintergrundaufgaben laufen wie vorgesehen.' },
  'jobs.failing': {
    sentence: ({ job, count }) =>
      `Die Hintergrundaufgabe ${job} ist ${count === 1 ? 'einmal' : `${count}-mal hintereinander`} misslungen; der Server versucht es weiter.`,
    fix: ({ command }) =>
      `Rufen Sie auf dem Server ${command} auf, um den Grund zu sehen. Das Log des Servers sagt mehr.`,
  },
  'jobs.overdue': {
    sentence: ({ job, span }) => `Die Hintergrundaufgabe ${job} ist überfällig; Dauer: ${ageInWords('de', span)}.`,
    fix: () =>
      'Aufgaben laufen, während der Server läuft. Läuft er, prüfen Sie seine Uhr und in seinem Log, was die Aufgabe aufhält.',
  },
}
