// Whether who asks may still ask, looked at in the transaction that does what they ask for.
import { apiTokenCounts } from '../api-tokens/api-token.service.ts'
import { inTransaction } from '../context.ts'
import type { With } from '../context.ts'
import type { Caller } from '../kernel/caller.ts'
import { Refusal } from '../kernel/refusal.ts'
import { sessionIsOpen } from '../sessions/session.service.ts'

export interface Asking {
  /**
   * Nobody can take the caller's session or rights away before this transaction has ended. For what leaves the caller's own
   * row alone; a change of that collides with whatever else changes it.
   */
  readonly held?: boolean
}

/**
 * Runs `work` in one transaction that begins with another look at the caller: what let them in when their request came may have
 * ended while its body was on the way, a password was hashed, or somebody else wrote. Refuses with `access.token_refused`.
 */
export function asCaller<Ctx extends With<'db' | 'now' | 'caller'>, Result>(
  ctx: Ctx,
  work: (tx: Ctx) => Promise<Result>,
  { held = false }: Asking = {},
): Promise<Result> {
  return inTransaction(ctx, async (tx) => {
    if (!(await mayStillAsk(tx, tx.caller, held))) throw new Refusal('access.token_refused')
    return work(tx)
  })
}

/** Of whoever is not signed in nothing can end. */
function mayStillAsk(ctx: With<'db' | 'now'>, caller: Caller, held: boolean): Promise<boolean> {
  if (caller.kind !== 'signed-in') return Promise.resolve(true)
  const { id, carrier } = caller.session
  return carrier === 'token' ? apiTokenCounts(ctx, { id, held }) : sessionIsOpen(ctx, { id, held })
}
