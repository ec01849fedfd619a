// The values of attributes that users see and change of themselves.
import type { GivenValues, ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { valuedAttributes, writeValues } from '#domain/attributes/attribute-values.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, WithAuthenticated } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'

type Deps = WithAuthenticated<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Returns the attributes that the signed-in user may see, with their values. */
export function ownAttributes(ctx: WithAuthenticated<'db' | 'principal'>): Promise<ValuedAttribute[]> {
  return valuedAttributes(ctx, ctx.principal.user.subject, 'user')
}

/**
 * Changes values, and leaves the others as they are; returns all that the user sees. Throws `request.validation_failed` with errors at the
 * keys behind `prefix`, and `resource.stale` where a precondition fails.
 */
export function changeOwnAttributes(
  ctx: Deps,
  given: GivenValues,
  {
    prefix = '/',
    precondition,
  }: { readonly prefix?: string; readonly precondition?: Precondition<readonly ValuedAttribute[]> | undefined },
): Promise<ValuedAttribute[]> {
  const work = async (tx: InTransaction<Deps>, user: User): Promise<ValuedAttribute[]> => {
    const by = { audience: 'user', prefix, precondition } as const
    // The revision of the row excludes a parallel change of the same user (lost update).
    if (await writeValues(tx, user, given, by)) await updateUser(tx, user, {})
    return valuedAttributes(tx, user.subject, 'user')
  }
  const once = precondition && (() => undefined)
  return withOwnAccount(ctx, 'user.attributes_changed', work, once)
}
