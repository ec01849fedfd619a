// The values of attributes of a user, as admins read and change them.
import type { GivenValues, ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { changeValues, valuedAttributes, type ValuesChange } from '#domain/attributes/attribute-values.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import type { With } from '#foundation/context.ts'
import { readUser, type UserRef, withTargetUser } from '../access/access.service.ts'

/** Returns all attributes with the values of a user. Throws `user.not_found`. */
export async function attributesOfUser(ctx: With<'db'>, ref: UserRef): Promise<ValuedAttribute[]> {
  const { subject } = await readUser(ctx, ref)
  return valuedAttributes(ctx, subject, 'admin')
}

/** Changes values as `changeValues` does. Throws `user.not_found`, and `resource.stale` where a precondition fails. */
export function changeAttributesOfUser(
  ctx: ChangeDeps,
  ref: UserRef,
  given: GivenValues,
  change: ValuesChange,
): Promise<ValuedAttribute[]> {
  const once = change.precondition && (() => undefined)
  return withTargetUser(
    ctx,
    ref,
    'user.attributes_changed',
    (tx, user) => changeValues(tx, user, given, { ...change, audience: 'admin' }),
    once,
  )
}
