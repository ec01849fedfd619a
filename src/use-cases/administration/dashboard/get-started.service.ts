import { recordEvent } from '#domain/audit/audit.service.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import type { With } from '#foundation/context.ts'
import { type GetStarted, getStarted } from './get-started.ts'
import type { Overview } from './overview.service.ts'
import { hasEvent } from './overview.view.ts'

/** Events are never deleted, so what has happened once stays done, on every node, and no table of its own is needed. */
const CLOSED = 'setup.guide_closed'
const TOKEN_CREATED = 'api_token.created'

/** Returns what is left of the list for a new server; undefined if it is no longer shown. */
export async function readGetStarted({ db }: With<'db'>, { users }: Overview): Promise<GetStarted | undefined> {
  const isClosed = await hasEvent(db, CLOSED)
  return getStarted(users, { isClosed, hasApiToken: !isClosed && (await hasEvent(db, TOKEN_CREATED)) })
}

/** Closes the list for all admins. Idempotent. */
export function closeGetStarted(ctx: ChangeDeps): Promise<void> {
  return auditedChange(ctx, {}, async (tx) => {
    if (!(await hasEvent(tx.db, CLOSED))) await recordEvent(tx, { action: CLOSED })
  })
}
