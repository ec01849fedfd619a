// The progress of a policy: to how many users it applies, and how many of them lack what it requires, by day.
import { canStop, factorRequirementOf } from '#domain/policies/evaluation/factor-requirement.ts'
import {
  deleteOldProgress,
  noteProgress,
  progressOf,
  type ProgressRow,
} from '#domain/policies/rollout/rollout.service.ts'
import { listStoredPolicies } from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import { days, type Instant } from '#foundation/kernel/time.ts'
import { countIn, type Plan, type PlanDeps, type PlanSummary, storedPlan, summarizePlan } from './plan.service.ts'

const DAY = days(1)

/** Stores the numbers of today for every policy that requires a second factor or forbids one. Ends early when the signal is aborted. */
export async function notePoliciesProgress(ctx: PlanDeps, signal: AbortSignal): Promise<void> {
  for (const { id, versions } of await listStoredPolicies(ctx)) {
    if (signal.aborted) return
    const { inForce, planned } = currentVersions({ versions }, ctx.now)
    const version = planned[0] ?? inForce
    if (version === undefined || version.isEnd || !canStop(factorRequirementOf(version.terms))) continue
    await noteProgress(ctx, id, numbersOf(await summarizePlan(ctx, await storedPlan(ctx, id))))
  }
  await deleteOldProgress(ctx)
}

export interface ProgressDay extends Omit<ProgressRow, 'day'> {
  /** The beginning of the day in UTC. */
  readonly day: Instant
}

/** Returns the numbers of the last days, those of today as they are now. Throws `policy.not_found`. */
export async function readProgress(ctx: PlanDeps, id: string): Promise<ProgressDay[]> {
  const plan = await storedPlan(ctx, id)
  return progressWith(ctx, plan, await summarizePlan(ctx, plan))
}

/** The same for a plan whose numbers are known. */
export async function progressWith(ctx: PlanDeps, { policy }: Plan, summary: PlanSummary): Promise<ProgressDay[]> {
  const today = Math.floor(ctx.now / DAY)
  const stored = policy.id === null ? [] : await progressOf(ctx, policy.id)
  const all = [...stored.filter(({ day }) => day !== today), { day: today, ...numbersOf(summary) }]
  return all.map(({ day, concerned, missing }) => ({ day: day * DAY, concerned, missing }))
}

function numbersOf(summary: PlanSummary): Omit<ProgressRow, 'day'> {
  return { concerned: summary.concerned, missing: countIn(summary) }
}
