import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { forUpdate } from '#foundation/platform/database/lock.ts'
import { eachNamedDuration, type PolicyTerms } from '../policy.ts'
import { scopeKey } from '../scope.ts'
import type { PolicyRow } from './stored-policy.queries.ts'

/** Inserts a policy without a version. */
export async function insertPolicy(db: Database, policy: PolicyRow): Promise<void> {
  const { id, name, scope, scopeRef, revision, createdAt } = policy
  const row = { id, name, scope, scope_ref: scopeRef, scope_key: scopeKey(scope, scopeRef), revision }
  await db
    .insertInto('policy')
    .values({ ...row, created_at: createdAt })
    .execute()
}

export interface NewVersion {
  readonly id: string
  readonly policyId: string
  readonly version: number
  readonly terms: PolicyTerms
  readonly isEnd: boolean
  readonly inForceFrom: Instant
  readonly createdAt: Instant
  readonly createdBy: string | null
}

/** Inserts a version of a policy. */
export async function insertVersion(db: Database, { terms, ...version }: NewVersion): Promise<void> {
  await db
    .insertInto('policy_version')
    .values({
      id: version.id,
      policy_id: version.policyId,
      version: version.version,
      second_factor: terms.secondFactor,
      factors: terms.factors?.join(' ') ?? null,
      ...eachNamedDuration((term) => terms[term]),
      helpers_may_exempt: terms.helpersMayExempt ? 1 : null,
      is_end: version.isEnd ? 1 : 0,
      in_force_from: version.inForceFrom,
      created_at: version.createdAt,
      created_by: version.createdBy,
      cancelled_at: null,
      reminder: null,
    })
    .execute()
}

/** Cancels a version. */
export async function updateCancelled(db: Database, id: string, now: Instant): Promise<void> {
  await db.updateTable('policy_version').set({ cancelled_at: now }).where('id', '=', id).execute()
}

/** Writes name and revision of a policy. */
export async function updatePolicy(
  db: Database,
  { id, name, revision }: Pick<PolicyRow, 'id' | 'name' | 'revision'>,
): Promise<void> {
  await db.updateTable('policy').set({ name, revision }).where('id', '=', id).execute()
}

/** Deletes a policy with everything that belongs to it. */
export async function deletePolicyRow(db: Database, id: string): Promise<void> {
  for (const table of ['policy_version', 'policy_exemption', 'policy_progress'] as const)
    await db.deleteFrom(table).where('policy_id', '=', id).execute()
  await db.deleteFrom('policy').where('id', '=', id).execute()
}

/**
 * Returns whether there is a group with this id, and locks it until the transaction ends: while a policy comes to name it, it is not
 * deleted, and no member leaves (write skew).
 */
export async function lockNamedGroup(db: Database, id: string): Promise<boolean> {
  const query = db.selectFrom('user_group').select('id').where('id', '=', id)
  return (await forUpdate(db, query).executeTakeFirst()) !== undefined
}
