import { userIdIn } from '#domain/users/user.ts'
import { choice } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { DeliveryField } from '../invitations/delivery-field.schema.ts'
import { BULK_ACTIONS } from './bulk.service.ts'

export const BulkForm = Type.Object({
  action: choice(BULK_ACTIONS),
  from: Type.Optional(Type.String()),
  expires_in: Type.Optional(Type.String()),
  delivery: DeliveryField,
  /** The name of the group to which users are added. */
  group: Type.Optional(Type.String()),
  /** Sent by the confirmation page; without it that page is shown. */
  confirmed: Type.Optional(Type.String()),
})

/** Each user has a form field of their own, since a body with a repeated field is refused. */
export function fieldFor(id: number): string {
  return `user-${id}`
}

export function chosenIds(body: unknown): number[] {
  if (typeof body !== 'object' || body === null) return []
  const ids = Object.keys(body).map((field) => userIdIn(/^user-(.+)$/.exec(field)?.[1] ?? ''))
  return [...new Set(ids)].filter((id) => id !== undefined)
}
