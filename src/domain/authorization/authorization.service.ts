// Whether who asks may still ask, looked at in the transaction that does what they ask for.
import { resolveApiTokenAnew } from '../api-tokens/api-token.service.ts'
import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import type { AuthenticatedPrincipal } from '../../foundation/kernel/principal.ts'
import { Refusal } from '../../foundation/kernel/refusal.ts'
import { secondFactorPolicy, sessionPolicy } from '../policies/policy.service.ts'
import { resolveSessionAnew } from '../sessions/session.service.ts'
import { rightsLost } from './authorization.ts'

export interface Asking {
  /**
   * Nobody can take the caller's session or rights away before this transaction has ended. For what leaves the caller's own
   * row alone; a change of that collides with whatever else changes it.
   */
  readonly held?: boolean
}

/**
 * Runs `work` in one transaction that begins with another check of the caller: the session or token that authorised the request
 * may have ended while the body was on its way, a password was hashed, or another transaction wrote (TOCTOU). It is the same
 * check as before, by the token of the request, which may have been replaced, revoked or narrowed, and with the rights of its
 * user. Refuses with `access.invalid_token`. `work` gets the caller as they are now.
 */
export function inAuthorizedTransaction<Ctx extends With<'db' | 'now' | 'config' | 'principal'>, Result>(
  ctx: Ctx,
  work: (tx: Ctx) => Promise<Result>,
  { held = false }: Asking = {},
): Promise<Result> {
  return inTransaction(ctx, async (tx) => {
    const { principal } = tx
    return work(principal.kind === 'signed-in' ? { ...tx, principal: await presentPrincipal(tx, principal, held) } : tx)
  })
}

async function presentPrincipal(
  tx: With<'db' | 'now' | 'config'>,
  principal: AuthenticatedPrincipal,
  held: boolean,
): Promise<AuthenticatedPrincipal> {
  const { tokenHash, transport } = principal.session
  const present = await (transport === 'token'
    ? resolveApiTokenAnew(tx, { tokenHash, held }, secondFactorPolicy(tx))
    : resolveSessionAnew(tx, { tokenHash, transport, held }, sessionPolicy(tx)))
  if (present === undefined || rightsLost(principal, present)) throw new Refusal('access.invalid_token')
  return { ...principal, user: present.user, session: present.session }
}
