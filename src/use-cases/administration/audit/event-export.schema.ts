// Events as lines of a file.
import { csvLine } from '../../../foundation/web/http/csv.ts'
import { jsonText } from '../../../foundation/web/http/json.ts'
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

/** What stands above the events; nothing in JSON lines. */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? csvLine(CSV_HEAD) : ''
}

/** One event with its line end. */
export function exportLine(format: ExportFormat, event: NamedEvent): string {
  const shown = presentEvent(event)
  return format === 'csv' ? csvLine(cellsOf(shown)) : `${jsonText(shown)}\n`
}

/** The whole file, piece by piece. */
export async function* exportText(format: ExportFormat, events: AsyncIterable<NamedEvent>): AsyncGenerator<string> {
  const head = exportHead(format)
  if (head !== '') yield head
  for await (const event of events) yield exportLine(format, event)
}

function cellsOf(event: ReturnType<typeof presentEvent>): string[] {
  const { id, at, action, sentence, actor, target, result, reason, position, details } = event
  const people = [actor, target].flatMap((person) => [person?.subject ?? '', person?.username ?? ''])
  const tail = [
    result,
    reason ?? '',
    position === null ? '' : String(position),
    details === null ? '' : jsonText(details),
  ]
  return [id, at, action, sentence, ...people, ...tail]
}
