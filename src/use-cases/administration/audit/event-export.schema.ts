// Audit events as lines of a CSV or JSON Lines file.
import { csvLine } from '#foundation/web/http/csv.ts'
import { jsonText } from '#foundation/web/http/json.ts'
import type { ExportFormat } from './event-export.service.ts'
import { presentEvent } from './events.schema.ts'
import type { NamedEvent } from './events.service.ts'

const CSV_HEAD = [
  'id',
  'at',
  'action',
  'sentence',
  'actor_subject',
  'actor_username',
  'target_subject',
  'target_username',
  'result',
  'reason',
  'position',
  'details',
] as const

/** The header line of a CSV file; empty for JSON Lines. */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? csvLine(CSV_HEAD) : ''
}

/** One event as a line, with its line end. */
export function exportLine(format: ExportFormat, event: NamedEvent): string {
  const shown = presentEvent(event)
  return format === 'csv' ? csvLine(csvCells(shown)) : `${jsonText(shown)}\n`
}

/** The whole file as a stream of lines. */
export async function* exportText(format: ExportFormat, events: AsyncIterable<NamedEvent>): AsyncGenerator<string> {
  const head = exportHead(format)
  if (head !== '') yield head
  for await (const event of events) yield exportLine(format, event)
}

function csvCells(event: ReturnType<typeof presentEvent>): string[] {
  const { id, at, action, sentence, actor, target, result, reason, position, details } = event
  const users = [actor, target].flatMap((user) => [user?.subject ?? '', user?.username ?? ''])
  const tail = [
    result,
    reason ?? '',
    position === null ? '' : String(position),
    details === null ? '' : jsonText(details),
  ]
  return [id, at, action, sentence, ...users, ...tail]
}
