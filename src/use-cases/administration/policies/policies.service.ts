// What admins do with policies: each change in one authorized transaction, with its event.
import type { EventAction } from '#domain/audit/event.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import {
  cancelVersion,
  type NewPolicy,
  readStoredPolicy,
  removePolicy,
  storeEnd,
  storeName,
  storePolicy,
  storeVersion,
} from '#domain/policies/store/policy-changes.service.ts'
import { fieldErrorsInPolicyName } from '#domain/policies/store/policy-checks.ts'
import {
  requireScope,
  requireValidVersion,
  type WantedVersion,
} from '#domain/policies/store/policy-validity.service.ts'
import type { StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { requireCancellable, withApproval } from './policy-approval.service.ts'

/**
 * Creates a policy with its first version. Throws `request.validation_failed`, `policy.exists`. One that would stop another user with
 * permissions within a week needs a second admin under the two-person rule.
 */
export function createPolicy(ctx: ChangeDeps, wanted: NewPolicy): Promise<StoredPolicy> {
  const details = { policy: wanted.name.slice(0, LONGEST_SHOWN) }
  return auditedChange(ctx, { action: 'policy.created', details, locks: LOCKS }, (tx) => {
    const { name: newName, scope, scopeRef, terms, inForceFrom } = wanted
    const request = { kind: 'create-policy', newName, values: { scope, scopeRef, ...terms, inForceFrom } } as const
    return withApproval(tx, { policy: wanted, version: wanted }, request, () => storePolicy(tx, wanted))
  })
}

/**
 * Adds a version to a policy. Throws `policy.not_found`, `resource.stale`, `request.validation_failed`, `policy.version_planned`. It needs a
 * second admin as `createPolicy` does.
 */
export function addPolicyVersion(
  ctx: ChangeDeps,
  id: string,
  wanted: WantedVersion,
  precondition?: Precondition<StoredPolicy>,
): Promise<StoredPolicy> {
  return withPolicy(ctx, { id, action: 'policy.version_added', precondition }, (tx, policy) => {
    const { id: policyId, scope, scopeRef, name: newName } = policy
    const values = { policyId, scope, scopeRef, ...wanted.terms, inForceFrom: wanted.inForceFrom }
    const request = { kind: 'change-policy', newName, values } as const
    return withApproval(tx, { policy, version: wanted }, request, () => storeVersion(tx, policy, wanted))
  })
}

/**
 * Cancels a planned version. Throws `policy.not_found`, `resource.stale`, `policy.version_not_found`, `policy.version_in_force` and
 * `policy.cancelling_stops`.
 */
export function cancelPolicyVersion(
  ctx: ChangeDeps,
  id: string,
  version: number,
  precondition?: Precondition<StoredPolicy>,
): Promise<StoredPolicy> {
  return withPolicy(ctx, { id, action: 'policy.version_cancelled', precondition }, async (tx, policy) => {
    await requireCancellable(tx, policy, version)
    return cancelVersion(tx, policy, version)
  })
}

/** Ends a policy at once (null) or later. Throws `policy.not_found`, `resource.stale`, `policy.ended`, `policy.version_planned`. */
export function endPolicy(
  ctx: ChangeDeps,
  id: string,
  from: Instant | null,
  precondition?: Precondition<StoredPolicy>,
): Promise<StoredPolicy> {
  return withPolicy(ctx, { id, action: 'policy.ended', precondition }, (tx, policy) => storeEnd(tx, policy, from))
}

/** Renames a policy. Throws `policy.not_found`, `resource.stale`, `request.validation_failed`. */
export function renamePolicy(
  ctx: ChangeDeps,
  id: string,
  name: string,
  precondition?: Precondition<StoredPolicy>,
): Promise<StoredPolicy> {
  return withPolicy(ctx, { id, action: 'policy.renamed', precondition }, (tx, policy) => storeName(tx, policy, name))
}

/** Deletes a policy that was never in force. Throws `policy.not_found`, `resource.stale`, `policy.in_use`. */
export function deletePolicy(ctx: ChangeDeps, id: string, precondition?: Precondition<StoredPolicy>): Promise<void> {
  return withPolicy(ctx, { id, action: 'policy.deleted', precondition }, removePolicy)
}

interface PolicyChange {
  readonly id: string
  readonly action: EventAction
  readonly precondition?: Precondition<StoredPolicy> | undefined
}

/** How much of a name or an id that may be anything the event of a refused change holds. */
const LONGEST_SHOWN = 100

/** Two changes wait for each other, so that each sees what the other has stored (write skew). */
const LOCKS = ['policies'] as const

function withPolicy<Result>(
  ctx: ChangeDeps,
  { id, action, precondition }: PolicyChange,
  work: (tx: InTransaction<ChangeDeps>, policy: StoredPolicy) => Promise<Result>,
): Promise<Result> {
  const details = { policy_id: id.slice(0, LONGEST_SHOWN) }
  return auditedChange(ctx, { action, details, locks: LOCKS }, async (tx, facts) => {
    const policy = await readStoredPolicy(tx, id)
    facts.details = { policy: policy.name, policy_id: id }
    precondition?.(policy)
    return work(tx, policy)
  })
}

/** Throws `request.validation_failed` if the policy, or the version of the policy `id`, could not be stored now. */
export async function checkPolicy(
  ctx: With<'db' | 'now' | 'config' | 'principal'>,
  wanted: NewPolicy & { readonly id?: string | undefined },
): Promise<void> {
  if (wanted.id === undefined) requireNoFieldErrors(fieldErrorsInPolicyName(wanted.name))
  await requireScope(ctx, wanted)
  await requireValidVersion(ctx, wanted, wanted)
}
