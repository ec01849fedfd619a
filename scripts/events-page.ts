// Generates docs/events.md from the table of audit events.
import { actionSentence, EVENTS } from '#domain/audit/event.ts'

const HEAD = `# Audit events

Every action that the [audit log](audit-log.md) records, with the sentence that the API and the command line show. An event is written in
the transaction of the change that it records. An action with a second sentence is also recorded when it is refused, with the reason.
\`npm run -s doorward -- audit list --action NAME\` and \`GET /audit-events?action=NAME\` filter by the name.

This page is made by \`npm run docs\` from the table in \`src/domain/audit/event.ts\`.

| Action | Done | Refused |
| --- | --- | --- |
`

/** The text of `docs/events.md`. */
export function eventsPage(): string {
  const lines = Object.entries(EVENTS).map(([action, entry]) => {
    const refused = 'refused' in entry ? entry.refused : ''
    return `| \`${action}\` | ${actionSentence(action, 'done')} | ${refused} |\n`
  })
  return HEAD + lines.join('')
}
