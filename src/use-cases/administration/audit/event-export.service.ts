// Exports the audit log, filtered, page by page, so that memory use does not grow with the log.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { recordEvent } from '#domain/audit/audit.service.ts'
import type { EventCursor } from '#domain/audit/event-filter.ts'
import type { With } from '#foundation/context.ts'
import { listNamedEvents, type NamedEvent, type NamedEventFilter, type NamedEventPage } from './events.service.ts'

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

const PAGE = 500

/** Records the export and returns the event's id. It is called before the export, so that an interrupted one is recorded too. */
export function recordExport(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  details: { readonly format: ExportFormat; readonly to: 'standard output' | 'file' | 'browser' },
): Promise<string> {
  return recordEvent(ctx, { action: 'audit.exported', details })
}

/** Yields events, newest first. It holds one page in memory and no transaction open. */
export async function* eventsToExport(ctx: With<'db'>, filter: NamedEventFilter): AsyncGenerator<NamedEvent> {
  let cursor: EventCursor | null = null
  do {
    const page: NamedEventPage = await listNamedEvents(ctx, { ...filter, limit: PAGE, cursor })
    yield* page.items
    cursor = page.next
    // Without this pause a client that reads quickly would block the event loop for all other requests.
    await nextTurn()
  } while (cursor !== null)
}
