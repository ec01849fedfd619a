// Policies, groups and exemptions as rows, for tests of what follows from them.
import { eachNamedDuration, type PolicyTerms } from '#domain/policies/policy.ts'
import { type PolicyScope, scopeKey } from '#domain/policies/scope.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

/** A policy as a test writes it; terms that are left out say nothing. */
export interface GivenPolicy extends Partial<PolicyTerms> {
  readonly id: string
  /** The id, unless another is given. */
  readonly name?: string
  readonly scope?: PolicyScope
  readonly scopeRef?: string | null
  readonly version?: number
  readonly isEnd?: boolean
  readonly from?: Instant
  /** When it was announced; as `from`, unless given. */
  readonly createdAt?: Instant
  /** The last reminder that was sent. */
  readonly reminder?: number
  readonly cancelledAt?: Instant | null
}

/** Stores one version, and its policy if it is the first; it is in force since 1970 unless `from` says otherwise. */
export async function storePolicyVersion(db: Database, given: GivenPolicy): Promise<void> {
  const { id, name = id, scope = 'everyone', scopeRef = null, version = 1, from = 0 } = given
  const key = scopeKey(scope, scopeRef)
  const policy = { id, name, scope, scope_ref: scopeRef, scope_key: key, revision: 1, created_at: from }
  if (version === 1) await db.insertInto('policy').values(policy).execute()
  await db
    .insertInto('policy_version')
    .values({ id: `${id}-${version}`, policy_id: id, version, ...columnsOf(given), in_force_from: from })
    .execute()
}

function columnsOf(given: GivenPolicy) {
  return {
    second_factor: given.secondFactor ?? null,
    factors: given.factors?.join(' ') ?? null,
    ...eachNamedDuration((term) => given[term] ?? null),
    helpers_may_exempt: given.helpersMayExempt === true ? 1 : null,
    is_end: given.isEnd === true ? 1 : 0,
    created_at: given.createdAt ?? given.from ?? 0,
    created_by: null,
    cancelled_at: given.cancelledAt ?? null,
    reminder: given.reminder ?? null,
  }
}

/** Stores a group with these members, by subject. */
export async function storeGroup(db: Database, id: string, subjects: readonly string[]): Promise<void> {
  const group = { id, name: id, name_key: id.toLowerCase(), description: '', revision: 1, created_at: 0 }
  await db.insertInto('user_group').values(group).execute()
  for (const subject of subjects)
    await db.insertInto('group_member').values({ group_id: id, subject, added_at: 0 }).execute()
}

/** Stores an exemption of a user from a policy. */
export async function storeExemption(
  db: Database,
  {
    policyId,
    subject,
    endsAt,
    byHelp = false,
  }: { policyId: string; subject: string; endsAt: Instant; byHelp?: boolean },
): Promise<void> {
  const values = {
    reason: 'Waits for a key',
    ends_at: endsAt,
    created_at: 0,
    created_by: null,
    by_help: byHelp ? 1 : null,
  }
  await db
    .insertInto('policy_exemption')
    .values({ policy_id: policyId, subject, ...values })
    .execute()
}
