// The values of attributes that users see and change of themselves.
import type { GivenValues, ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { changeValues, valuedAttributes, type ValuesChange } from '#domain/attributes/attribute-values.service.ts'
import type { WithAuthenticated } from '#foundation/context.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'

type Deps = WithAuthenticated<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Returns the attributes that the signed-in user may see, with their values. */
export function ownAttributes(ctx: WithAuthenticated<'db' | 'principal'>): Promise<ValuedAttribute[]> {
  return valuedAttributes(ctx, ctx.principal.user.subject, 'user')
}

/** Changes values as `changeValues` does. Throws `resource.stale` where a precondition fails. */
export function changeOwnAttributes(ctx: Deps, given: GivenValues, change: ValuesChange): Promise<ValuedAttribute[]> {
  const once = change.precondition && (() => undefined)
  return withOwnAccount(
    ctx,
    'user.attributes_changed',
    (tx, user) => changeValues(tx, user, given, { ...change, audience: 'user' }),
    once,
  )
}
