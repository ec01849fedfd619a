// Stored policies, and what they ask of one user.
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { effectivePolicy } from './effective-policy.ts'
import { configuredPolicy } from './policy.service.ts'
import { ALLOWABLE_FACTORS, type PolicyTerms, type PolicyVersion, type UserPolicy, versionInForce } from './policy.ts'
import {
  type PolicyRow,
  selectPolicies,
  selectPolicy,
  selectVersions,
  selectVersionsFor,
  selectVersionsForEveryone,
  selectVersionsJoining,
  type VersionRow,
} from './stored-policy.queries.ts'
import type { ConcerningVersion } from './user-policy.ts'

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
  return userPolicyFrom(ctx, user, await readVersions(ctx, user))
}

/** Returns what will be asked of a user who is created with these groups, by their ids. */
export async function policyInGroups(
  ctx: With<'db' | 'now' | 'config'>,
  user: Concerned,
  joins: readonly string[],
): Promise<UserPolicy> {
  const { subject, role } = user
  const [row] = await selectVersionsJoining(ctx.db, { subject, role, joins })
  return userPolicyFrom(ctx, user, row?.policies ?? null)
}

/** Returns the same as `userPolicy` from the versions that the query of the user has read. */
export function userPolicyFrom(
  ctx: With<'now' | 'config'>,
  { rolePermissions }: Pick<PrincipalUser, 'rolePermissions'>,
  read: string | null,
): UserPolicy {
  const about = { hasPermissions: rolePermissions.length > 0, now: ctx.now }
  return effectivePolicy(configuredPolicy(ctx), versionsIn(read), about).terms
}

/** Returns the versions of each policy that concerns the user, those from which the user is exempt and those that have not begun too. */
export async function concerningVersions(
  ctx: With<'db'>,
  user: Pick<Concerned, 'subject' | 'role'>,
): Promise<ConcerningVersion[]> {
  return versionsIn(await readVersions(ctx, user))
}

async function readVersions({ db }: With<'db'>, user: Pick<Concerned, 'subject' | 'role'>): Promise<string | null> {
  const [row] = await selectVersionsFor(db, user.subject, user.role)
  return row?.policies ?? null
}

type ConcerningRow = VersionRow &
  Pick<ConcerningVersion, 'scope' | 'exemptUntil'> & { readonly exemptByHelp: number | null }

/** Returns the same versions from the value that the query of a user has read. */
export function versionsIn(read: string | null): ConcerningVersion[] {
  if (read === null) return []
  const rows = JSON.parse(read) as ConcerningRow[]
  return rows.map(({ scope, exemptUntil, exemptByHelp, ...row }) => {
    return { ...versionOf(row), scope, exemptUntil, exemptByHelp: exemptByHelp !== null }
  })
}

const NO_EXEMPTION = { scope: 'everyone', exemptUntil: null, exemptByHelp: false } as const

/** Returns what is asked of everyone: of users without permissions whom no other policy concerns. */
export async function policyForEveryone(ctx: With<'db' | 'now' | 'config'>): Promise<UserPolicy> {
  const rows = await selectVersionsForEveryone(ctx.db, ctx.now)
  const found = versionInForce(rows.map(versionOf), ctx.now)
  const versions = found === undefined ? [] : [{ ...found, ...NO_EXEMPTION }]
  return effectivePolicy(configuredPolicy(ctx), versions, { hasPermissions: false, now: ctx.now }).terms
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
