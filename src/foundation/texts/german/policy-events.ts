import type { ShownEvent } from '../english/events.ts'
import type { policySentences as english } from '../english/policy-events.ts'

export const policySentences: Record<keyof typeof english, (event: ShownEvent) => string> = {
  'policy.created': ({ refused }) => (refused ? 'Richtlinie abgelehnt' : 'Richtlinie angelegt'),
  'policy.version_added': ({ refused }) => (refused ? 'Änderung einer Richtlinie abgelehnt' : 'Richtlinie geändert'),
  'policy.version_cancelled': ({ refused }) =>
    refused ? 'Zurückziehen einer Fassung abgelehnt' : 'Geplante Fassung einer Richtlinie zurückgezogen',
  'policy.exempted': ({ refused }) =>
    refused ? 'Ausnahme von einer Richtlinie abgelehnt' : 'Von einer Richtlinie ausgenommen',
  'policy.unexempted': ({ refused }) =>
    refused ? 'Ende einer Ausnahme abgelehnt' : 'Ausnahme von einer Richtlinie beendet',
  'policy.reminded': () => 'Benutzer an eine Richtlinie erinnert',
  'policy.ended': ({ refused }) =>
    refused ? 'Beenden einer Richtlinie abgelehnt' : 'Ende einer Richtlinie festgelegt',
  'policy.renamed': ({ refused }) => (refused ? 'Umbenennen einer Richtlinie abgelehnt' : 'Richtlinie umbenannt'),
  'policy.deleted': ({ refused }) => (refused ? 'Löschen einer Richtlinie abgelehnt' : 'Richtlinie gelöscht'),
}
