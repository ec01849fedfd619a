// The two-person rule at each change of an admin account: the change is done, or becomes a request that waits for a second admin.
import { recordEvent } from '../../../domain/audit/audit.service.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import { tellOfBypass } from '../../../domain/approvals/approval-notice.service.ts'
import type { ApprovalWish } from '../../../domain/approvals/approval.ts'
import { openApproval } from '../../../domain/approvals/approval.service.ts'
import type { ApprovalDeps } from '../../../domain/approvals/approval.service.ts'
import { twoPersonRule } from '../../../domain/policies/policy.service.ts'
import { findUser } from '../../../domain/users/user.service.ts'
import type { User } from '../../../domain/users/user.ts'
import type { With } from '../../../foundation/context.ts'
import { isAuthenticated } from '../../../foundation/kernel/principal.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'

/** Thrown inside the transaction of the change, which it rolls back; `openIfRequired` then makes the request in one of its own. */
class ApprovalRequired extends Error {
  readonly wish: ApprovalWish
  readonly target: string | null

  constructor(wish: ApprovalWish, target: string | null) {
    super('A second admin must approve this change')
    this.wish = wish
    this.target = target
  }
}

/**
 * Lets a change of an admin account happen only if the two-person rule is off, a request for it was approved, or the operator makes it on
 * the server, which is recorded and told to all admins. Otherwise the change becomes a request, and the transaction is rolled back. Call it
 * last, so that a change that would be refused anyway never waits.
 */
export async function requireApproval(ctx: ApprovalDeps, wish: ApprovalWish, target: User | null): Promise<void> {
  const { principal } = ctx
  if (!isRuled(ctx)) return
  if (isAuthenticated(principal)) throw new ApprovalRequired(wish, target?.subject ?? null)
  if (principal.kind !== 'operator') throw new Refusal('access.insufficient_permissions')
  const username = target?.username ?? wish.newName ?? ''
  const details = { username, change: wish.kind }
  await recordEvent(ctx, { action: 'approval.bypassed', target: target?.subject ?? null, details })
  await tellOfBypass(ctx, wish, username)
}

/** Whether a change that concerns a user with permissions can become a request, or is a bypass of the rule. */
export function isRuled(ctx: With<'config' | 'principal'>): boolean {
  return twoPersonRule(ctx).isOn && ctx.principal.kind !== 'approved'
}

/**
 * Runs a change. If it needs a second admin, makes the request, or finds the one that waits for the same, and throws `approval.waiting`
 * with its id.
 */
export async function openIfRequired<Result>(ctx: ApprovalDeps, change: Promise<Result>): Promise<Result> {
  try {
    return await change
  } catch (error) {
    if (!(error instanceof ApprovalRequired)) throw error
    throw new Refusal('approval.waiting', { approval: await open(ctx, error) })
  }
}

function open(ctx: ApprovalDeps, { wish, target: subject }: ApprovalRequired): Promise<string> {
  const insert = async (tx: ApprovalDeps): Promise<string> => {
    if (!isAuthenticated(tx.principal)) throw new Refusal('access.insufficient_permissions')
    const target = subject === null ? null : await findUser(tx, subject)
    if (target === undefined) throw new Refusal('user.not_found')
    return (await openApproval(tx, wish, { asker: tx.principal.user, target })).id
  }
  return inAuthorizedTransaction(ctx, insert, { lock: 'share' })
}
