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
  // Years of four digits from 1000 on: before, PostgreSQL's numbers and the calendar's have nothing to tell anyway.
  from: Type.Optional(Type.String({ format: 'date', pattern: '^[1-9]' })),
  to: Type.Optional(Type.String({ format: 'date', pattern: '^[1-9]' })),
}

/** The address of the page, as its form sends it. */
export const ActivityQuery = Type.Object({ ...FILTER, cursor: Type.Optional(Type.String({ maxLength: 1024 })) })

export const ActivityExport = Type.Object({ ...FILTER, format: choice(EXPORT_FORMATS) })
