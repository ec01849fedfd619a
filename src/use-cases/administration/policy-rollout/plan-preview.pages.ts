// Whom a policy would stop, on the page on which an admin confirms it.
import { section } from '../../../foundation/web/components/section.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import type { Concern, PlannedPolicy } from './plan.ts'
import { countIn, deadlineOf, FIRST_PAGE, pagePlan, proposedPlan, summarizePlan } from './plan.service.ts'
import type { PlanDeps } from './plan.service.ts'
import { planNumbers, planTable } from './plan-table.pages.ts'

/** Users who are named; the rest is counted. The whole list is the plan of the stored policy. */
const NAMED = 10

/** The section that says whom the proposed policy would stop, and names the first of them. */
export async function planPreview(
  ctx: PlanDeps,
  { say }: AdminReader,
  proposed: Omit<PlannedPolicy, 'concern'> & { readonly concern: Omit<Concern, 'id'> },
): Promise<Html> {
  const plan = await proposedPlan(ctx, proposed)
  const summary = await summarizePlan(ctx, plan)
  const { items } = await pagePlan(ctx, plan, { after: FIRST_PAGE, limit: NAMED })
  const { plan: words } = say.rollout
  const more = countIn(summary) - items.length
  return section({
    id: 'plan',
    title: words.title,
    body: html`${planNumbers(say, summary, deadlineOf(plan, ctx.now) !== null)}
    ${items.length > 0 && planTable(say, items, null)} ${more > 0 && html`<p>${words.more(more)}</p>`}`,
  })
}
