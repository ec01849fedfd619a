// Tested in ../approval-change.test.ts.
import { Type } from '#foundation/web/http/type.ts'
import { orNull } from '../stored-field.ts'

export const Delivery = Type.Union([Type.Literal('link'), Type.Literal('mail')])

export const Invite = Type.Object({
  /** In milliseconds; the configured one if null. */
  lifetime: orNull(Type.Integer()),
  /** Left out by earlier versions, which showed each link. */
  delivery: Type.Optional(Delivery),
})
