import { recordEvent } from '../audit/audit.service.ts'
import { inTransaction } from '../context.ts'
import type { WithSignedIn } from '../context.ts'
import { endSession } from '../sessions/session.service.ts'

/** Ends the caller's own session; ending it twice changes nothing more. */
export function signOut(ctx: WithSignedIn<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'caller'>): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    const { session, user } = tx.caller
    const ended = await endSession(tx, { subject: user.subject, id: session.id })
    if (ended)
      await recordEvent(tx, {
        action: 'session.ended',
        target: user.subject,
        details: { session: session.id, by: 'sign-out' },
      })
  })
}
