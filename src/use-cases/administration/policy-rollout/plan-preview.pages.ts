// The users that a policy would stop, on the page on which an admin confirms it.
import type { Texts } from '#foundation/texts/texts.ts'
import { section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { planOverview, planTable } from './plan-table.pages.ts'
import {
  countIn,
  FIRST_PAGE,
  pagePlan,
  type Plan,
  type PlanDeps,
  type PlanSummary,
  proposedPlan,
  summarizePlan,
} from './plan.service.ts'
import type { ProposedVersion } from './plan.ts'

/** Users who are named; the rest is counted. The whole list is the plan of the stored policy. */
const NAMED = 10

/** The section that says how many the proposed policy would stop, and names the first of them to those who may see users. */
export async function planPreview(
  ctx: PlanDeps,
  { say, permissions }: AdminReader,
  proposed: ProposedVersion,
): Promise<Html> {
  const plan = await proposedPlan(ctx, proposed)
  const summary = await summarizePlan(ctx, plan)
  const { plan: words } = say.rollout
  return section({
    id: 'plan',
    title: words.title,
    body: html`${planOverview(say, plan, summary, ctx.now)}
    ${permissions.includes('users:read') ? await firstStopped(ctx, { say, plan, summary }) : html`<p>${words.noNames}</p>`}`,
  })
}

async function firstStopped(
  ctx: PlanDeps,
  { say, plan, summary }: { readonly say: Texts; readonly plan: Plan; readonly summary: PlanSummary },
): Promise<Html> {
  const table = async (hasPermissions: boolean, count: number): Promise<Html | false> => {
    if (count === 0) return false
    const { items } = await pagePlan(ctx, plan, { after: FIRST_PAGE, limit: NAMED, hasPermissions })
    const more = count - items.length
    return html`<h3>${hasPermissions ? words.titleWithPermissions : words.titleWithout}</h3>
      ${planTable(say, items, null)} ${more > 0 && html`<p>${words.more(more)}</p>`}`
  }
  const { plan: words } = say.rollout
  const { withPermissions } = summary
  return html`${await table(true, withPermissions)} ${await table(false, countIn(summary) - withPermissions)}`
}
