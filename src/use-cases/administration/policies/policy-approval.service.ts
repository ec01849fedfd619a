// The two-person rule at a policy that is stored: it needs a second admin if it would stop another user with permissions within a week.
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { versionInForce } from '#domain/policies/policy.ts'
import type { Scoped } from '#domain/policies/scope.ts'
import { requireScope, type WantedVersion } from '#domain/policies/store/policy-validity.service.ts'
import type { StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { isRuled, requireApproval } from '../access/approval-gate.service.ts'
import { stopsOthersSoon } from '../policy-rollout/privileged-stops.service.ts'

interface Proposal {
  readonly policy: Scoped
  readonly version: WantedVersion
}

/** Whether the two-person rule asks for a second admin, since another user with permissions would be stopped within a week. */
export async function needsSecondAdmin(
  ctx: With<'db' | 'now' | 'config' | 'principal'>,
  { policy, version: { terms, inForceFrom } }: Proposal,
): Promise<boolean> {
  return isRuled(ctx) && stopsOthersSoon(ctx, { policy, terms, at: inForceFrom ?? ctx.now })
}

/**
 * Throws `policy.cancelling_stops` if the two-person rule forbids to cancel a planned version: what then holds on from its beginning would stop
 * another user with permissions within a week, who was evaluated by the planned version. A version with the same terms can be asked for instead.
 */
export async function requireCancellable(tx: ChangeDeps, policy: StoredPolicy, number: number): Promise<void> {
  const planned = policy.versions.find(({ version, cancelledAt }) => version === number && cancelledAt === null)
  if (!isRuled(tx) || planned === undefined) return
  const at = planned.inForceFrom
  const terms = versionInForce(
    policy.versions.filter((one) => one !== planned),
    at,
  )?.terms
  if (terms === undefined) return
  await requireScope(tx, policy)
  if (await stopsOthersSoon(tx, { policy, terms, at })) throw new Refusal('policy.cancelling_stops')
}

/**
 * Stores what is asked for, and throws if it needs a second admin, so that it is rolled back. The group is locked first: a member who
 * joins in a parallel transaction is evaluated by one of the two (write skew).
 */
export async function withApproval(
  tx: InTransaction<ChangeDeps>,
  proposal: Proposal,
  request: ApprovalRequest,
  store: () => Promise<StoredPolicy>,
): Promise<StoredPolicy> {
  if (!isRuled(tx)) return store()
  await requireScope(tx, proposal.policy)
  const stops = await needsSecondAdmin(tx, proposal)
  const stored = await store()
  if (stops) await requireApproval(tx, request, null)
  return stored
}
