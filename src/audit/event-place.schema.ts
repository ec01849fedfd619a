import { PLACE_IN_TIME } from '../web/pagination.ts'
import { Type } from '../web/type.ts'

/** Where a page of events ended. */
export const EventPlace = Type.Object({ at: PLACE_IN_TIME, id: Type.String({ maxLength: 64 }) })
