// The whole log, or what a filter leaves of it, a page at a time, however long it is.
import { setImmediate as nextTurn } from 'node:timers/promises'

import { recordEvent } from '../../../domain/audit/audit.service.ts'
import type { EventCursor } from '../../../domain/audit/event.ts'
import type { Context, With } from '../../../foundation/context.ts'
import { listNamedEvents } from './events.service.ts'
import type { NamedEvent, NamedEventFilter, NamedEventPage } from './events.service.ts'

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

const PAGE = 500

export interface ExportWish {
  readonly format: ExportFormat
  /** Where it goes, for the log. */
  readonly to: 'standard output' | 'file' | 'browser'
}

/** Notes that the log is taken out; first, so that an export that was broken off is known as well. Returns the event's id. */
export function noteExport(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
  { format, to }: ExportWish,
): Promise<string> {
  return recordEvent(ctx, { action: 'audit.exported', details: { format, to } })
}

/** Newest first. Holds a page in memory and no transaction open. */
export async function* eventsToExport(
  ctx: Pick<Context, 'db'>,
  filter: Omit<NamedEventFilter, 'limit' | 'cursor'>,
): AsyncGenerator<NamedEvent> {
  let cursor: EventCursor | null = null
  do {
    const page: NamedEventPage = await listNamedEvents(ctx, { ...filter, limit: PAGE, cursor })
    yield* page.items
    cursor = page.next
    // Without this pause a client that reads quickly would keep the event loop from all other requests.
    await nextTurn()
  } while (cursor !== null)
}
