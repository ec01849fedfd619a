import { recordEvent } from '../../audit/audit.service.ts'
import { inAuthorizedTransaction } from '../../callers/caller.service.ts'
import type { With } from '../../context.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { sessionPolicy } from '../../policies/policy.service.ts'
import { endSession, listSessions } from '../../sessions/session.service.ts'
import type { Session } from '../../sessions/session.ts'
import type { User } from '../../users/user.ts'
import { selectSessionOwner } from './find-user.view.ts'

/** Where a user is signed in, the latest used first. */
export function listSessionsOf(ctx: With<'db' | 'now' | 'config'>, user: Pick<User, 'subject'>): Promise<Session[]> {
  return listSessions(ctx, user.subject, sessionPolicy(ctx))
}

/** Ends one session, whoever's it is. Refuses with `session.not_found` when it has ended or never was. */
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
