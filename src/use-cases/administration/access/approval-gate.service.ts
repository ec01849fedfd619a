// The two-person rule at each change of an admin account: the change is done, or becomes a request that waits for a second admin.
import { notifyOfBypasses } from '#domain/approvals/approval-notice.service.ts'
import { type ApprovalDeps, openApproval } from '#domain/approvals/approval.service.ts'
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import { recordEvent } from '#domain/audit/audit.service.ts'
import { ApprovalRequired, auditedChange } from '#domain/authorization/audited-change.service.ts'
import { twoPersonRule } from '#domain/policies/policy.service.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { isAuthenticated } from '#foundation/kernel/principal.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'

/**
 * Lets a change of an admin account happen only if the two-person rule is off, a request for it was approved, or the operator makes it on
 * the server, which is recorded, and of which all admins are notified. Otherwise the change becomes a request, and the transaction is
 * rolled back. Call it last, so that a change that would be refused anyway never waits.
 */
export async function requireApproval(
  ctx: InTransaction<ApprovalDeps>,
  request: ApprovalRequest,
  target: User | null,
): Promise<void> {
  const { principal } = ctx
  if (!isRuled(ctx)) return
  if (isAuthenticated(principal)) throw new ApprovalRequired((after) => open(after, request, target?.subject ?? null))
  await recordBypasses(ctx, [{ request, target }])
}

/**
 * The same for changes that the operator makes as one, and of which none can become a request: each is recorded, and all admins are notified
 * of them by one mail.
 */
export async function requireOperator(
  ctx: InTransaction<ApprovalDeps>,
  requests: readonly ApprovalRequest[],
): Promise<void> {
  const bypasses = requests.map((request) => ({ request, target: null }))
  if (isRuled(ctx) && requests.length > 0) await recordBypasses(ctx, bypasses)
}

async function recordBypasses(
  ctx: InTransaction<ApprovalDeps>,
  bypasses: readonly { readonly request: ApprovalRequest; readonly target: User | null }[],
): Promise<void> {
  if (ctx.principal.kind !== 'operator') throw new Refusal('access.insufficient_permissions')
  const named = bypasses.map((one) => ({ ...one, username: one.target?.username ?? one.request.newName ?? '' }))
  for (const { request, target, username } of named) {
    const details = { username, change: request.kind }
    await recordEvent(ctx, { action: 'approval.bypassed', target: target?.subject ?? null, details })
  }
  await notifyOfBypasses(ctx, named)
}

/** Whether a change that concerns a user with permissions can become a request, or is a bypass of the rule. */
export function isRuled(ctx: With<'config' | 'principal'>): boolean {
  return twoPersonRule(ctx).isOn && ctx.principal.kind !== 'approved'
}

function open(ctx: ApprovalDeps, request: ApprovalRequest, subject: string | null): Promise<string> {
  return auditedChange(ctx, {}, async (tx) => {
    if (!isAuthenticated(tx.principal)) throw new Refusal('access.insufficient_permissions')
    const target = subject === null ? null : await findUser(tx, subject)
    if (target === undefined) throw new Refusal('user.not_found')
    return (await openApproval(tx, request, { asker: tx.principal.user, target })).id
  })
}
