// Signs out.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { endSession } from '#domain/sessions/session.service.ts'
import { inTransaction, type WithSession } from '#foundation/context.ts'

/** Ends the session of the request and records the event; idempotent. */
export function signOut(ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    const { session, user } = tx.principal
    const ended = await endSession(tx, { subject: user.subject, id: session.id })
    if (ended)
      await recordEvent(tx, {
        action: 'session.ended',
        target: user.subject,
        details: { session: session.id, by: 'sign-out' },
      })
  })
}
