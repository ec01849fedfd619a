// Whether a policy that is stored now would stop users with permissions before they had time to act.
import { demandOf, isDemanding } from '#domain/policies/demand.ts'
import { isTooSoon } from '#domain/policies/time-to-act.ts'
import { listStoredRoles } from '#domain/roles/role.service.ts'
import type { With } from '#foundation/context.ts'
import { actorOf } from '#foundation/kernel/principal.ts'
import { TIME_TO_ACT } from '#foundation/kernel/stated-limits.ts'
import { type PlanDeps, planQuestionOf } from './plan.service.ts'
import type { Concern, PlannedPolicy } from './plan.ts'
import { stopsAnyOf } from './plan.view.ts'

/**
 * Whether these terms stop a user with permissions other than the principal at once or within a week, who would not be stopped without them.
 * Of exemptions, those count that last for the week.
 */
export async function stopsOthersSoon(
  ctx: PlanDeps & With<'principal'>,
  { concern, terms, at }: Omit<PlannedPolicy, 'concern'> & { readonly concern: Omit<Concern, 'id'> },
): Promise<boolean> {
  if (!isTooSoon(at, ctx.now) || !isDemanding(demandOf(terms))) return false
  const asked = await planQuestionOf(ctx, { concern, terms, at })
  const stored = await listStoredRoles(ctx)
  const roles = ['admin', ...stored.flatMap(({ name, permissions }) => (permissions.length > 0 ? [name] : []))]
  const exemptUntil = ctx.now + TIME_TO_ACT - 1
  return stopsAnyOf(ctx.db, { ...asked, exemptUntil }, { roles, besides: actorOf(ctx.principal) ?? '' })
}
