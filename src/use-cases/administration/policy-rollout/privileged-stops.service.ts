// Whether a policy that is stored now would stop users with permissions before they had time to act.
import { canStop, factorRequirementOf } from '#domain/policies/evaluation/factor-requirement.ts'
import { isTooSoon } from '#domain/policies/rollout/time-to-act.ts'
import { listStoredRoles } from '#domain/roles/role.service.ts'
import type { With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { TIME_TO_ACT } from '#foundation/kernel/stated-limits.ts'
import { type PlanDeps, proposedPlan } from './plan.service.ts'
import type { ProposedVersion } from './plan.ts'
import { stopsAnyOf } from './plan.view.ts'

/**
 * Whether these terms stop a user with permissions other than the principal at once or within a week, who would not be stopped without them.
 * Of exemptions, those count that last for the week.
 */
export async function stopsOthersSoon(ctx: PlanDeps & With<'principal'>, proposed: ProposedVersion): Promise<boolean> {
  const { terms, at } = proposed
  if (!isTooSoon(at, ctx.now) || !canStop(factorRequirementOf(terms))) return false
  const { asked } = await proposedPlan(ctx, proposed, Math.max(at, ctx.now))
  const stored = await listStoredRoles(ctx)
  const roles = ['admin', ...stored.flatMap(({ name, permissions }) => (permissions.length > 0 ? [name] : []))]
  const exemptUntil = ctx.now + TIME_TO_ACT - 1
  return stopsAnyOf(ctx.db, { ...asked, exemptUntil }, { roles, besides: actorOf(ctx.principal) ?? '' })
}
