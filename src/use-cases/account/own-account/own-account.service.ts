// Loads and changes the user’s own account in one transaction, for every other subfolder of account/.
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { renewForNewEpoch } from '#domain/sessions/renewal.service.ts'
import { endSessionsOf } from '#domain/sessions/session.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, WithAuthenticated, WithSession } from '#foundation/context.ts'
import { LostUpdate, type Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Secret } from '#foundation/kernel/secret.ts'

/** Returns the signed-in user as stored now. Throws `access.invalid_token` if the user was deleted during the request. */
export async function loadOwnAccount(ctx: WithAuthenticated<'db'>): Promise<User> {
  const user = await findUser(ctx, ctx.principal.user.subject)
  if (user === undefined) throw new Refusal('access.invalid_token')
  return user
}

/**
 * Reads and changes the signed-in user in one transaction. If a concurrent request changed the user meanwhile (lost update), it retries;
 * a precondition is checked in each run, and throws `resource.stale`. `work` records the event of its success; a refusal of a rule is
 * recorded here, as a refused `action`.
 */
export function withOwnAccount<
  Ctx extends WithAuthenticated<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>,
  Result,
>(
  ctx: Ctx,
  action: EventAction,
  work: (tx: InTransaction<Ctx>, user: User) => Promise<Result>,
  precondition?: Precondition<User>,
): Promise<Result> {
  return auditedChange(ctx, { action, target: ctx.principal.user.subject, lock: 'none' }, async (tx) => {
    const user = await loadOwnAccount(tx)
    // The user changed after the principal was authorized, perhaps in a way that ended this session, so a retry authorizes again.
    if (user.revision !== tx.principal.user.revision) throw new LostUpdate()
    precondition?.(user)
    return work(tx, user)
  })
}

export interface OnlySession {
  /** The session's new token; the token of the request no longer works. */
  readonly token: Secret
  /** How many other sessions ended. */
  readonly sessions: number
}

/** Moves this session to the new credential epoch under another token, and ends every other session of the user. */
export async function endOtherSessions(
  ctx: WithSession<'db' | 'now' | 'random'>,
  { subject, credentialEpoch }: User,
): Promise<OnlySession> {
  const { session } = ctx.principal
  const token = await renewForNewEpoch(ctx, session, credentialEpoch)
  return { token, sessions: await endSessionsOf(ctx, subject, { except: session.id }) }
}
