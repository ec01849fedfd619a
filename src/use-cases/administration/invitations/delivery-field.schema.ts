import { choice } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { DELIVERIES } from './invitation.ts'

export const DeliveryField = Type.Optional(choice(DELIVERIES))
