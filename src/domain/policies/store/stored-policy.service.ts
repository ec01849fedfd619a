// Reads stored policies, and the versions of those that apply to a user.
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import {
  ALLOWABLE_FACTORS,
  type ApplicableVersion,
  type EvaluatedUser,
  type PolicyTerms,
  type PolicyVersion,
  versionInForce,
} from '../policy.ts'
import {
  type PolicyRow,
  selectInForce,
  selectPolicies,
  selectPolicy,
  selectVersions,
  selectVersionsFor,
  selectVersionsForEveryone,
  selectVersionsJoining,
  type VersionRow,
} from './stored-policy.queries.ts'

export interface StoredVersion extends PolicyVersion {
  readonly id: string
  readonly createdAt: Instant
  /** The subject of the user who made it; null for the operator. */
  readonly createdBy: string | null
  /** The last reminder that was sent; null before the first. */
  readonly reminder: number | null
}

export interface StoredPolicy extends PolicyRow {
  /** All of them, the oldest first, cancelled ones too. */
  readonly versions: readonly StoredVersion[]
}

/** Returns every policy, that for everyone first. */
export async function listStoredPolicies(ctx: With<'db'>): Promise<StoredPolicy[]> {
  const policies = await selectPolicies(ctx.db)
  const versions = Object.groupBy(await selectVersions(ctx.db), ({ policyId }) => policyId)
  return policies.map((policy) => ({ ...policy, versions: (versions[policy.id] ?? []).map(storedVersion) }))
}

/** Returns the policy with this id; undefined if there is none. */
export async function findStoredPolicy(ctx: With<'db'>, id: string): Promise<StoredPolicy | undefined> {
  const policy = await selectPolicy(ctx.db, id)
  return policy && { ...policy, versions: (await selectVersions(ctx.db, id)).map(storedVersion) }
}

/** Returns the versions of each policy that applies to the user, those from which the user is exempt and those that have not begun too. */
export async function applicableVersions(
  { db }: With<'db'>,
  { subject, role }: Pick<EvaluatedUser, 'subject' | 'role'>,
): Promise<ApplicableVersion[]> {
  const [row] = await selectVersionsFor(db, subject, role)
  return versionsIn(row?.policies ?? null)
}

/** Returns the same for a user who is created with these groups, by their ids. */
export async function versionsInGroups(
  { db }: With<'db'>,
  { subject, role }: Pick<EvaluatedUser, 'subject' | 'role'>,
  joins: readonly string[],
): Promise<ApplicableVersion[]> {
  const [row] = await selectVersionsJoining(db, { subject, role, joins })
  return versionsIn(row?.policies ?? null)
}

/** Returns the version of the policy for everyone that is in force; undefined without one. */
export async function versionForEveryone({ db, now }: With<'db' | 'now'>): Promise<PolicyVersion | undefined> {
  return versionInForce((await selectVersionsForEveryone(db, now)).map(versionOf), now)
}

/** Returns a value that changes when a version comes into force, or a policy is removed. */
export async function stateOfPolicies({ db, now }: With<'db' | 'now'>): Promise<string> {
  const { count, latest } = await selectInForce(db, now)
  return `${count} ${latest}`
}

type ApplicableRow = VersionRow &
  Pick<ApplicableVersion, 'scope' | 'exemptUntil'> & { readonly exemptByHelp: number | null }

/** Returns the same versions from the value that the query of a user has read. */
export function versionsIn(read: string | null): ApplicableVersion[] {
  if (read === null) return []
  const rows = JSON.parse(read) as ApplicableRow[]
  return rows.map(({ scope, exemptUntil, exemptByHelp, ...row }) => {
    return { ...versionOf(row), scope, exemptUntil, exemptByHelp: exemptByHelp !== null }
  })
}

function versionOf({ policyId, version, isEnd, inForceFrom, ...terms }: VersionRow): PolicyVersion {
  return { policyId, version, terms: termsOf(terms), isEnd: isEnd === 1, inForceFrom, cancelledAt: null }
}

type TermColumns = Omit<VersionRow, 'policyId' | 'version' | 'isEnd' | 'inForceFrom'>

function termsOf({ secondFactor, factors, helpersMayExempt, ...durations }: TermColumns): PolicyTerms {
  const listed = factors?.split(' ') ?? null
  return {
    secondFactor,
    factors: listed && ALLOWABLE_FACTORS.filter((kind) => listed.includes(kind)),
    ...durations,
    helpersMayExempt: helpersMayExempt === 1,
  }
}

type StoredRow = Awaited<ReturnType<typeof selectVersions>>[number]

function storedVersion({ id, createdAt, createdBy, cancelledAt, reminder, ...row }: StoredRow): StoredVersion {
  return { ...versionOf(row), id, createdAt, createdBy, cancelledAt, reminder }
}
