// Ends the user’s own sessions.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { revokeGrantsOfUser } from '#domain/grants/grant.service.ts'
import { forgetRememberedDevices } from '#domain/remembered-devices/remembered-device.service.ts'
import { endSession, endSessionsOf } from '#domain/sessions/session.service.ts'
import type { WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/**
 * Ends one of the user's sessions, which may be this one. Throws `session.not_found` for another user's session too, so that ids cannot
 * be probed.
 */
export function endOwnSession(ctx: Deps, id: string): Promise<void> {
  const { subject } = ctx.principal.user
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    if (!(await endSession(tx, { subject, id }))) throw new Refusal('session.not_found')
    await recordEvent(tx, {
      action: 'session.ended',
      target: subject,
      details: { session: id },
      ending: { sessionId: id },
    })
  })
}

/** Ends every session of the user but this one, forgets every device, and ends what apps got in other sessions; returns how many sessions. */
export function signOutElsewhere(ctx: Deps): Promise<number> {
  const { user, session } = ctx.principal
  return auditedChange(ctx, { lock: 'none' }, async (tx) => {
    const ended = await endSessionsOf(tx, user.subject, { except: session.id })
    const grants = await revokeGrantsOfUser(tx, user.subject, { exceptSession: session.id })
    await forgetRememberedDevices(tx, user.subject)
    if (ended + grants > 0) {
      const ending = { kind: 'user', keptSessionId: session.id } as const
      await recordEvent(tx, { action: 'session.ended', target: user.subject, details: { sessions: ended }, ending })
    }
    return ended
  })
}
