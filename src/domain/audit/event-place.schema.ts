import { PLACE_IN_TIME } from '../../foundation/web/http/pagination.ts'
import { Type } from '../../foundation/web/http/type.ts'

/** Where a page of events ended. */
export const EventPlace = Type.Object({ at: PLACE_IN_TIME, id: Type.String({ maxLength: 64 }) })
