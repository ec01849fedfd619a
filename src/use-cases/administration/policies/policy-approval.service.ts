// The two-person rule at a policy that is stored: it needs a second admin if it would stop another user with permissions within a week.
import type { ApprovalWish } from '../../../domain/approvals/approval.ts'
import { requireConcern } from '../../../domain/policies/policy-validity.service.ts'
import type { Concern, WantedVersion } from '../../../domain/policies/policy-validity.service.ts'
import type { StoredPolicy } from '../../../domain/policies/stored-policy.service.ts'
import type { With } from '../../../foundation/context.ts'
import type { ChangeDeps } from '../access/access.service.ts'
import { isRuled, requireApproval } from '../access/approval-gate.service.ts'
import { stopsOthersSoon } from '../policy-rollout/privileged-stops.service.ts'

interface Proposal {
  readonly concern: Concern
  readonly version: WantedVersion
}

/** Whether the two-person rule asks for a second admin, since another user with permissions would be stopped within a week. */
export async function needsSecondAdmin(
  ctx: With<'db' | 'now' | 'config' | 'principal'>,
  { concern, version: { terms, inForceFrom } }: Proposal,
): Promise<boolean> {
  return isRuled(ctx) && stopsOthersSoon(ctx, { concern, terms, at: inForceFrom ?? ctx.now })
}

/**
 * Stores what is asked for, and throws if it needs a second admin, so that it is rolled back. The group is locked first: a member who
 * joins in a parallel transaction is judged by one of the two (write skew).
 */
export async function withApproval(
  tx: ChangeDeps,
  proposal: Proposal,
  wish: ApprovalWish,
  store: () => Promise<StoredPolicy>,
): Promise<StoredPolicy> {
  if (!isRuled(tx)) return store()
  await requireConcern(tx, proposal.concern)
  const stops = await needsSecondAdmin(tx, proposal)
  const stored = await store()
  if (stops) await requireApproval(tx, wish, null)
  return stored
}
