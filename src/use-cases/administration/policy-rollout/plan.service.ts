// The plan of a policy: exactly the users that it stops, and why. It is read for a stored policy or for terms that are only proposed.
import { minimumAlone } from '#domain/policies/evaluation/password-policy.service.ts'
import { configuredPolicy } from '#domain/policies/policy.service.ts'
import { NO_TERMS } from '#domain/policies/policy.ts'
import { disjointPolicy } from '#domain/policies/store/policy-checks.ts'
import { type SharedUsers, usersOfBoth } from '#domain/policies/store/policy-validity.service.ts'
import { listStoredPolicies, type StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import { keptAdmin } from '#domain/users/account-expiry.service.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { selectApplicableIds } from './applicable.view.ts'
import {
  isSameScope,
  type PlannedPolicy,
  type PlannedTerms,
  planQuestion,
  type ProposedVersion,
  type StopState,
} from './plan.ts'
import { countStopped, type PlanSummary, selectStopped, type StoppedSlice, type StoppedUser } from './plan.view.ts'
import type { AskedPlan } from './stopped.view.ts'

export type PlanDeps = With<'db' | 'now' | 'config'>

/** The question of a plan, in the form in which its pages are read. */
export interface Plan extends PlannedPolicy {
  readonly asked: AskedPlan
  /** The policies that may leave a user no allowed factor, by id. */
  readonly others: readonly StoredPolicy[]
  /** The policy with which it cannot be stored, also where both apply to no user today. */
  readonly contradicted: StoredPolicy | undefined
  /** How long each new password must be, where the policy makes the second factor optional for everyone; null otherwise. */
  readonly passwordMinimum: number | null
}

/** A policy that has ended requires nothing. */
const NOTHING: PlannedTerms = { secondFactor: null, factors: null }

/**
 * Returns the plan of a stored policy: of its next version at its deadline, or of the version in force now. Throws `policy.not_found`.
 */
export async function storedPlan(ctx: PlanDeps, id: string): Promise<Plan> {
  const policies = await listStoredPolicies(ctx)
  const policy = policies.find((one) => one.id === id)
  if (policy === undefined) throw new Refusal('policy.not_found')
  const { inForce, planned } = currentVersions(policy, ctx.now)
  const [next] = planned
  const version = next ?? inForce
  const terms = version === undefined || version.isEnd ? NOTHING : version.terms
  return planOf(ctx, policies, { policy, terms, at: next?.inForceFrom ?? ctx.now })
}

/**
 * Returns the plan of terms that are only proposed, from `at` on; the exemptions of a stored policy for the same users count.
 * @param current a user who is stopped at this instant without the terms counts as stopped already
 */
export async function proposedPlan(
  ctx: PlanDeps,
  { policy: { scope, scopeRef }, terms, at }: ProposedVersion,
  current = ctx.now,
): Promise<Plan> {
  const policies = await listStoredPolicies(ctx)
  const known = policies.find((one) => isSameScope(one, { scope, scopeRef }))
  const policy = { id: known?.id ?? null, scope, scopeRef }
  return planOf(ctx, policies, { policy, terms, at: Math.max(at, ctx.now) }, current)
}

async function planOf(
  ctx: PlanDeps,
  policies: readonly StoredPolicy[],
  planned: PlannedPolicy,
  current = ctx.now,
): Promise<Plan> {
  const question = planQuestion(planned, policies, configuredPolicy(ctx), current)
  const asked = { ...question, keptAdmin: await keptAdmin({ db: ctx.db, now: planned.at }) }
  const others = policies.filter((policy) => asked.contradicting.some(({ id }) => id === policy.id))
  const different = policies.filter((policy) => !isSameScope(policy, planned.policy))
  const terms = { ...NO_TERMS, ...planned.terms }
  const contradicted = disjointPolicy(planned.policy, terms, { others: different, now: ctx.now })
  const isOptional = planned.policy.scope === 'everyone' && terms.secondFactor === 'optional'
  return { ...planned, asked, others, contradicted, passwordMinimum: isOptional ? minimumAlone(ctx) : null }
}

/** The policy that together with a planned one leaves no allowed factor to a user to which both apply, and the users of both today. */
export interface PlanConflict extends SharedUsers {
  readonly policy: string
}

/** Returns why the policy of the plan cannot be stored; null if no other one contradicts it. */
export async function conflictOf(ctx: With<'db'>, { policy, contradicted }: Plan): Promise<PlanConflict | null> {
  if (contradicted === undefined) return null
  return { policy: contradicted.name, ...(await usersOfBoth(ctx, policy, contradicted)) }
}

export interface PlanItem extends StoppedUser {
  /** The name of the policy that together with this one leaves the user no allowed factor; null for each other reason. */
  readonly otherPolicy: string | null
}

export interface PlanPage {
  readonly items: readonly PlanItem[]
  /** The id of the user after which the next page begins; null on the last page. */
  readonly next: number | null
}

/** Before the id of every user. */
export const FIRST_PAGE = -Number.MAX_SAFE_INTEGER

export type { PlanSummary, StoppedSlice } from './plan.view.ts'

/** Returns one page of the users that the policy stops, in the order of their ids. */
export async function pagePlan(
  { db }: With<'db'>,
  { asked, others }: Plan,
  { limit, ...slice }: StoppedSlice,
): Promise<PlanPage> {
  const found = await selectStopped(db.forLongReads, asked, { ...slice, limit: limit + 1 })
  const shown = found.slice(0, limit)
  const named = await namesOfOthers(db, asked, others, shown)
  const items = shown.map((stopped) => ({ ...stopped, otherPolicy: named.get(stopped.user.id) ?? null }))
  return { items, next: found.length > limit ? (shown.at(-1)?.user.id ?? null) : null }
}

/** Returns those of these users that the policy stops and who are not stopped today; a look-up for each, so a transaction may ask. */
export async function stillStopped(
  { db }: With<'db'>,
  { asked }: Plan,
  users: readonly Pick<User, 'id'>[],
): Promise<User[]> {
  const among = users.map(({ id }) => id)
  if (among.length === 0) return []
  const found = await selectStopped(db, asked, { after: FIRST_PAGE, limit: among.length, state: 'stopped', among })
  return found.map(({ user }) => user)
}

async function namesOfOthers(
  db: PlanDeps['db'],
  { future, contradicting }: AskedPlan,
  others: readonly StoredPolicy[],
  shown: readonly StoppedUser[],
): Promise<ReadonlyMap<number, string>> {
  const ids = shown.filter(({ reason }) => reason === 'no-factor-left').map(({ user }) => user.id)
  const names = new Map<number, string>()
  if (ids.length === 0) return names
  for (const policy of contradicting) {
    const { name } = others.find((other) => other.id === policy.id) ?? {}
    if (name === undefined) continue
    for (const id of await selectApplicableIds(db, { policy, at: future.at, ids })) names.set(id, name)
  }
  return names
}

/** Returns to how many users the policy applies, and how many of them it stops. */
export function summarizePlan({ db }: With<'db'>, { asked }: Plan): Promise<PlanSummary> {
  return countStopped(db.forLongReads, asked)
}

/** Returns how many users are in one of the states, or in any. */
export function countIn({ counts }: Pick<PlanSummary, 'counts'>, ...states: readonly StopState[]): number {
  const counted = counts.filter(({ state }) => states.length === 0 || states.includes(state))
  return counted.reduce((sum, { count }) => sum + count, 0)
}

/** When the plan takes effect; null if it is in force. */
export function deadlineOf({ at }: Pick<Plan, 'at'>, now: Instant): Instant | null {
  return at > now ? at : null
}
