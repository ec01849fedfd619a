import { INSTANT_SCHEMA } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'

/** The cursor of a list of events: time and id of the last event of a page. */
export const EventPosition = Type.Object({ at: INSTANT_SCHEMA, id: Type.String({ maxLength: 64 }) })
