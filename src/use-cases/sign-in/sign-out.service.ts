// Signs out.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { idleSessionOf } from '#domain/grants/idle-session.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { endSession } from '#domain/sessions/session.service.ts'
import { inTransaction, type InTransaction, type With, type WithSession } from '#foundation/context.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Ends the session of the request and records the event; idempotent. */
export function signOut(ctx: WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>): Promise<void> {
  return inTransaction(ctx, (tx) => {
    const { session, user } = tx.principal
    return endBySigningOut(tx, user.subject, session.id)
  })
}

/**
 * Ends the session of this browser that time without a request has ended, while apps are still signed in by it: no user is signed in here
 * any more, but a user who signs out means the apps too. Does nothing without such a session.
 */
export function signOutIdle(ctx: Deps): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    const idle = await idleSessionOf(tx, sessionRules(tx))
    if (idle !== undefined) await endBySigningOut(tx, idle.user.subject, idle.session.id)
  })
}

async function endBySigningOut(tx: InTransaction<Omit<Deps, 'config'>>, subject: string, id: string): Promise<void> {
  if (!(await endSession(tx, { subject, id }))) return
  const details = { session: id, by: 'sign-out' }
  await recordEvent(tx, { action: 'session.ended', target: subject, details, ending: { sessionId: id } })
}
