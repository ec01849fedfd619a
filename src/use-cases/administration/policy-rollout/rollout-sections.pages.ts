// What the page of a policy says about its roll-out: whom it stops, who is exempt, and how far it is met.
import { isMailOn } from '#domain/mail/mail.service.ts'
import { LEAST_DAYS_OF_PROGRESS } from '#foundation/kernel/stated-limits.ts'
import { calendarOf } from '#foundation/texts/day-and-time.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { dayChart } from '#foundation/web/components/day-chart.ts'
import { section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { passwordSentence, planNumbers } from './plan-table.pages.ts'
import { countIn, deadlineOf, type PlanDeps, type PlanSummary, storedPlan, summarizePlan } from './plan.service.ts'
import { policyPath } from './policy-path.ts'
import { type ProgressDay, progressWith } from './progress.service.ts'

/** The sections of the page of a stored policy. Throws `policy.not_found`. */
export async function rolloutSections(ctx: PlanDeps, reader: AdminReader, id: string): Promise<Html> {
  const plan = await storedPlan(ctx, id)
  const summary = await summarizePlan(ctx, plan)
  const days = await progressWith(ctx, plan, summary)
  const { say } = reader
  const { plan: words, exemptions } = say.rollout
  const isPlanned = deadlineOf(plan, ctx.now) !== null
  const links = html`${linkButton(policyPath(id, '/plan'), words.open)}
  ${linkButton(policyPath(id, '/exemptions'), exemptions.open)}`
  const maySeeUsers = reader.permissions.includes('users:read')
  return html`${section({
    id: 'plan',
    title: words.title,
    action: maySeeUsers && links,
    body: html`${planNumbers(say, summary, isPlanned)} ${passwordSentence(say, plan)}
    ${!maySeeUsers && html`<p class="small">${words.noNames}</p>`}`,
  })}
  ${progressSection(reader, { summary, days, isPlanned })}`
}

interface Progress {
  readonly summary: PlanSummary
  readonly days: readonly ProgressDay[]
  readonly isPlanned: boolean
}

function progressSection({ say, config }: AdminReader, { summary, days, isPlanned }: Progress): Html {
  const { progress: words } = say.rollout
  const met = summary.concerned - countIn(summary)
  const chart = dayChart({
    caption: words.caption,
    series: [words.concerned, words.missing],
    days: days.map(({ day, concerned, missing }) => ({
      label: calendarOf(say.language, 'UTC', { day: 'numeric', month: 'short' }).format(day),
      values: [concerned, missing],
    })),
    tableLabel: words.asTable,
    language: say.language,
  })
  return section({
    id: 'progress',
    title: words.title,
    body: html`<p>${words.now(met, summary.concerned)}</p>
      ${days.length < LEAST_DAYS_OF_PROGRESS ? html`<p class="small">${words.fillsUp}</p>` : chart}
      ${isPlanned && html`<p class="small">${isMailOn(config) ? words.reminders : words.noMail}</p>`}`,
  })
}
