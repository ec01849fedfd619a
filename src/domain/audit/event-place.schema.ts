import { PLACE_IN_TIME } from '../../foundation/web/http/pagination.ts'
import { Type } from '../../foundation/web/http/type.ts'

/** The cursor of a list of events: time and id of the last event of a page. */
export const EventPlace = Type.Object({ at: PLACE_IN_TIME, id: Type.String({ maxLength: 64 }) })
