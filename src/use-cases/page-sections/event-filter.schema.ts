import { Type } from '#foundation/web/http/type.ts'

/** A calendar day in the filter of audit events. Only years from 1000 to 9999: no event is older. */
export const EventDay = Type.String({ format: 'date', pattern: '^[1-9]' })
