import { recordRefusal } from '../../../domain/audit/audit.service.ts'
import type { EventAction } from '../../../domain/audit/event.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import type { WithAuthenticated, WithSession } from '../../../foundation/context.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import type { Secret } from '../../../foundation/kernel/secret.ts'
import { takeSessionAlong } from '../../../domain/sessions/renewal.service.ts'
import { endSessionsOf } from '../../../domain/sessions/session.service.ts'
import { retryOnConflict } from '../../../domain/users/optimistic-locking.ts'
import type { Precondition } from '../../../domain/users/optimistic-locking.ts'
import { findUser } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'

/** The signed-in person as stored now; refuses when they were deleted since the request came in. */
export async function loadOwnAccount(ctx: WithAuthenticated<'db'>): Promise<User> {
  const user = await findUser(ctx, ctx.principal.user.subject)
  if (user === undefined) throw new Refusal('access.invalid_token')
  return user
}

/**
 * Reads the signed-in person and changes them in one transaction, over again when somebody else changed them in between.
 * The work records what it did; what a rule refuses is recorded here, as a refused `action`.
 */
export function withOwnAccount<
  Ctx extends WithAuthenticated<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>,
  Result,
>(
  ctx: Ctx,
  action: EventAction,
  work: (tx: Ctx, user: User) => Promise<Result>,
  precondition?: Precondition,
): Promise<Result> {
  const once = (): Promise<Result> =>
    inAuthorizedTransaction(ctx, async (tx) => {
      const user = await loadOwnAccount(tx)
      // The user changed since the principal was checked, perhaps so that this session ended: try again, with another check.
      if (user.revision !== tx.principal.user.revision) throw new Refusal('user.stale')
      precondition?.(user)
      return work(tx, user)
    })
  return retryOnConflict(once, precondition).catch(async (error: unknown) => {
    throw await recordRefusal(ctx, { action, target: ctx.principal.user.subject }, error)
  })
}

export interface OnlySession {
  /** The session's token from now on; the token of the request no longer works. */
  readonly token: Secret
  /** How many other sessions ended. */
  readonly sessions: number
}

/**
 * After a change of credentials: this session goes on under the new epoch and another token, everything else that the old
 * credentials opened has ended.
 */
export async function endOtherSessions(
  ctx: WithSession<'db' | 'now' | 'random'>,
  { subject, credentialEpoch }: User,
): Promise<OnlySession> {
  const { session } = ctx.principal
  const token = await takeSessionAlong(ctx, session, credentialEpoch)
  return { token, sessions: await endSessionsOf(ctx, subject, { except: session.id }) }
}
