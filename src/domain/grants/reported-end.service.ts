// The ends of families of tokens that only the protocol knows of, each with its event.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { EventAction } from '#domain/audit/event.ts'
import { inTransaction, type With } from '#foundation/context.ts'
import { selectGrant } from './grant.queries.ts'
import { revokeGrant } from './grant.service.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Ends a family because its code or refresh token was presented twice, so that one of the two parties stole it (RFC 9700 §4.14). */
export function revokeReused(ctx: Recording, grantId: string): Promise<void> {
  return endWithEvent(ctx, grantId, 'app.token_reused')
}

/** Ends a family because its app has revoked a token of it (RFC 7009). */
export function revokeByApp(ctx: Recording, grantId: string): Promise<void> {
  return endWithEvent(ctx, grantId, 'app.token_revoked')
}

function endWithEvent(ctx: Recording, grantId: string, action: EventAction): Promise<void> {
  return inTransaction(ctx, async (tx) => {
    const grant = await selectGrant(tx.db, grantId)
    if (grant === undefined || !(await revokeGrant(tx, grantId))) return
    const { clientId, sessionId } = grant
    const details = { client: clientId, session: sessionId }
    await recordEvent(tx, { action, target: grant.subject, details, ending: { clientId, sessionId } })
  })
}
