// What a new sign-in does with a session of the same browser in which the user is no longer signed in, but apps are.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { moveGrantsToSession } from '#domain/grants/grant.service.ts'
import { idleSessionOf } from '#domain/grants/idle-session.service.ts'
import { sessionRules } from '#domain/policies/evaluation/session-rules.service.ts'
import { endSession } from '#domain/sessions/session.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Lets the new session take over the apps of an idle session of the same user in this browser, so that its sign-out ends them too; returns
 * the id of that session. The apps of another user are ended with the session: a browser belongs to the user who has signed in there last.
 */
export async function settleFormerSession(
  ctx: InTransaction<Deps>,
  { subject, sessionId }: { readonly subject: string; readonly sessionId: string },
): Promise<string | undefined> {
  const idle = await idleSessionOf(ctx, sessionRules(ctx))
  if (idle === undefined) return undefined
  if (idle.user.subject !== subject) {
    await endFormerSession(ctx, idle.user.subject, idle.session.id)
    return undefined
  }
  await moveGrantsToSession(ctx, idle.session.id, sessionId)
  return idle.session.id
}

async function endFormerSession(ctx: InTransaction<Deps>, subject: string, id: string): Promise<void> {
  if (!(await endSession(ctx, { subject, id }))) return
  const details = { session: id, by: 'new sign-in' }
  await recordEvent(ctx, { action: 'session.ended', target: subject, details, ending: { sessionId: id } })
}
