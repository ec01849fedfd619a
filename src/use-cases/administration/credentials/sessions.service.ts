import { recordEvent } from '../../../domain/audit/audit.service.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import type { With } from '../../../foundation/context.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { sessionPolicy } from '../../../domain/policies/policy.service.ts'
import { endSession, listSessions } from '../../../domain/sessions/session.service.ts'
import type { Session } from '../../../domain/sessions/session.ts'
import type { User } from '../../../domain/users/user.ts'
import { selectSessionOwner } from '../users/find-user.view.ts'

/** Returns a user's running sessions, the latest used first. */
export function listSessionsOf(ctx: With<'db' | 'now' | 'config'>, user: Pick<User, 'subject'>): Promise<Session[]> {
  return listSessions(ctx, user.subject, sessionPolicy(ctx))
}

/** Ends one session of any user. Throws `session.not_found` if it has ended or does not exist. */
export function revokeSession(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>,
  id: string,
): Promise<void> {
  return inAuthorizedTransaction(ctx, async (tx) => {
    const subject = await selectSessionOwner(tx.db, id)
    const ended = subject !== undefined && (await endSession(tx, { subject, id }))
    if (!ended) throw new Refusal('session.not_found')
    await recordEvent(tx, { action: 'session.ended', target: subject, details: { session: id } })
  })
}
