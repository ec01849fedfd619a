import { Type } from '../../../foundation/web/http/type.ts'
import { named } from '../../../foundation/web/http/schema.ts'

export const SignedOutUser = named(
  'SignedOutUser',
  Type.Object({ ended: Type.Integer({ minimum: 0 }) }, { description: 'How many sessions were ended.' }),
)
