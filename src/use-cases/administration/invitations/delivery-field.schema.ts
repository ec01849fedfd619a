import { choice } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { DELIVERIES } from './invitation.ts'

/** The field `delivery` of a form. */
export const DeliveryField = Type.Optional(choice(DELIVERIES))
