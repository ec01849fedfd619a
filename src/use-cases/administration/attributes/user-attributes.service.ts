// The values of attributes of a user, as admins read and change them.
import type { GivenValues, ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { valuedAttributes, writeValues } from '#domain/attributes/attribute-values.service.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { readUser, type UserRef, withTargetUser } from '../access/access.service.ts'

/** Returns all attributes with the values of a user. Throws `user.not_found`. */
export async function attributesOfUser(ctx: With<'db'>, ref: UserRef): Promise<ValuedAttribute[]> {
  const { subject } = await readUser(ctx, ref)
  return valuedAttributes(ctx, subject, 'admin')
}

/**
 * Changes values of a user, and leaves the others as they are; returns all of them. Throws `user.not_found`, `request.validation_failed` with
 * errors at the keys behind `prefix`, and `resource.stale` where a precondition fails.
 */
export function changeAttributesOfUser(
  ctx: ChangeDeps,
  ref: UserRef,
  given: GivenValues,
  {
    prefix = '/',
    precondition,
  }: { readonly prefix?: string; readonly precondition?: Precondition<readonly ValuedAttribute[]> | undefined },
): Promise<ValuedAttribute[]> {
  const work = async (
    tx: InTransaction<ChangeDeps>,
    user: Parameters<typeof updateUser>[1],
  ): Promise<ValuedAttribute[]> => {
    const by = { audience: 'admin', prefix, precondition } as const
    // The revision of the row excludes a parallel change of the same user (lost update).
    if (await writeValues(tx, user, given, by)) await updateUser(tx, user, {})
    return valuedAttributes(tx, user.subject, 'admin')
  }
  const once = precondition && (() => undefined)
  return withTargetUser(ctx, ref, 'user.attributes_changed', work, once)
}
