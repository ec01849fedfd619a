// Stored policies, and what they ask of one user.
import type { With } from '../../foundation/context.ts'
import type { PrincipalUser } from '../../foundation/kernel/principal.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { ALLOWABLE_FACTORS, versionInForce } from './policy.ts'
import type { PolicyTerms, PolicyVersion, UserPolicy } from './policy.ts'
import { configuredPolicy } from './policy.service.ts'
import { scopeKey } from './scope.ts'
import { combinedPolicy } from './user-policy.ts'
import type { ConcerningVersion } from './user-policy.ts'
import {
  selectPolicies,
  selectPolicy,
  selectVersions,
  selectVersionsFor,
  selectVersionsForEveryone,
} from './stored-policy.queries.ts'
import type { PolicyRow, VersionRow } from './stored-policy.queries.ts'

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

/** The fields of a user by which policies are found. */
export type Concerned = Pick<PrincipalUser, 'subject' | 'role' | 'rolePermissions'>

/** Returns what the configuration and the policies in force ask of a user now. */
export async function userPolicy(ctx: With<'db' | 'now' | 'config'>, user: Concerned): Promise<UserPolicy> {
  return combinedPolicy(configuredPolicy(ctx), await concerningVersions(ctx, user), hasPermissions(ctx, user))
}

/** Returns the versions that have begun of each policy that concerns the user, also those from which the user is exempt. */
export async function concerningVersions(
  ctx: With<'db' | 'now'>,
  user: Pick<Concerned, 'subject' | 'role'>,
): Promise<ConcerningVersion[]> {
  const rows = await selectVersionsFor(ctx.db, user.subject, scopeKey('role', user.role), ctx.now)
  return rows.map(({ scope, exemptUntil, ...row }) => ({ ...versionOf(row), scope, exemptUntil }))
}

/** Returns what the configuration alone asks of a user, where no policy is stored. */
export function userPolicyOfConfig(
  ctx: With<'now' | 'config'>,
  user: Pick<PrincipalUser, 'rolePermissions'>,
): UserPolicy {
  return combinedPolicy(configuredPolicy(ctx), [], hasPermissions(ctx, user))
}

/** Returns what is asked of everyone: of users without permissions whom no other policy concerns. */
export async function policyForEveryone(ctx: With<'db' | 'now' | 'config'>): Promise<UserPolicy> {
  const rows = await selectVersionsForEveryone(ctx.db, ctx.now)
  const found = versionInForce(rows.map(versionOf), ctx.now)
  const versions = found === undefined ? [] : [{ ...found, scope: 'everyone' as const, exemptUntil: null }]
  return combinedPolicy(configuredPolicy(ctx), versions, { hasPermissions: false, now: ctx.now })
}

function hasPermissions({ now }: With<'now'>, { rolePermissions }: Pick<PrincipalUser, 'rolePermissions'>) {
  return { hasPermissions: rolePermissions.length > 0, now }
}

function versionOf({ policyId, version, isEnd, inForceFrom, ...terms }: VersionRow): PolicyVersion {
  return { policyId, version, terms: termsOf(terms), isEnd: isEnd === 1, inForceFrom, cancelledAt: null }
}

type TermColumns = Omit<VersionRow, 'policyId' | 'version' | 'isEnd' | 'inForceFrom'>

function termsOf({ secondFactor, factors, ...durations }: TermColumns): PolicyTerms {
  const listed = factors?.split(' ') ?? null
  return { secondFactor, factors: listed && ALLOWABLE_FACTORS.filter((kind) => listed.includes(kind)), ...durations }
}

type StoredRow = Awaited<ReturnType<typeof selectVersions>>[number]

function storedVersion({ id, createdAt, createdBy, cancelledAt, reminder, ...row }: StoredRow): StoredVersion {
  return { ...versionOf(row), id, createdAt, createdBy, cancelledAt, reminder }
}
