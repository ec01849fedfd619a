// Ends the session whose cookie a new sign-in replaces.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { With } from '#foundation/context.ts'
import { endSession } from './session.service.ts'

/** Ends the session of this browser, if it has one: a browser has one session cookie, and a new sign-in replaces it. */
export async function endReplacedSession(
  ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
): Promise<void> {
  const { principal } = ctx
  if (principal.kind !== 'session' || principal.session.transport !== 'cookie') return
  const { user, session } = principal
  if (!(await endSession(ctx, { subject: user.subject, id: session.id }))) return
  const details = { session: session.id, by: 'new sign-in' }
  await recordEvent(ctx, { action: 'session.ended', target: user.subject, details, ending: { sessionId: session.id } })
}
