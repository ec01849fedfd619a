import { EVENTS } from '../../../domain/audit/event.ts'
import type { EventAction } from '../../../domain/audit/event.ts'
import { choice } from '../../../foundation/web/http/schema.ts'
import { Type } from '../../../foundation/web/http/type.ts'
import { EXPORT_FORMATS } from './event-export.service.ts'
import { NetworkText } from './events.schema.ts'

export const EVENT_ACTIONS = Object.keys(EVENTS) as EventAction[]

const FILTER = {
  about: Type.Optional(Type.String({ maxLength: 254 })),
  action: Type.Optional(choice(EVENT_ACTIONS)),
  result: Type.Optional(choice(['done', 'refused'])),
  address: Type.Optional(NetworkText),
  // Only years from 1000 to 9999: no event is older.
  from: Type.Optional(Type.String({ format: 'date', pattern: '^[1-9]' })),
  to: Type.Optional(Type.String({ format: 'date', pattern: '^[1-9]' })),
}

/** The query string of the page, as its form sends it. */
export const ActivityQuery = Type.Object({ ...FILTER, cursor: Type.Optional(Type.String({ maxLength: 1024 })) })

export const ActivityExport = Type.Object({ ...FILTER, format: choice(EXPORT_FORMATS) })
