// What pages say of a plan: of a stored policy on its own page and that of the plan, and of a proposed one before it is stored.
import { isMailOn } from '#domain/mail/mail.service.ts'
import { contradiction } from '#domain/policies/store/policy-validity.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { LEAST_DAYS_OF_PROGRESS } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { calendarOf } from '#foundation/texts/day-and-time.ts'
import { fieldErrorSentence, type Texts } from '#foundation/texts/texts.ts'
import { linkButton, quietLink } from '#foundation/web/components/button.ts'
import { dayChart } from '#foundation/web/components/day-chart.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { dataTable, type Row, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { type AdminReader, userPath } from '../access/user-reader.pages.ts'
import {
  countIn,
  deadlineOf,
  FIRST_PAGE,
  pagePlan,
  type Plan,
  type PlanConflict,
  type PlanDeps,
  type PlanItem,
  type PlanSummary,
  proposedPlan,
  storedPlan,
  summarizePlan,
} from './plan.service.ts'
import type { ProposedVersion, StopState } from './plan.ts'
import { policyPath } from './policy-path.ts'
import { type ProgressDay, progressWith } from './progress.service.ts'

/** Users who are named before a policy is stored; the rest is counted. The whole list is the plan of the stored policy. */
const NAMED = 10
const STATE_ICONS: Readonly<Record<StopState, 'warn' | 'plain' | 'info'>> = {
  stopped: 'warn',
  'already-stopped': 'plain',
  joining: 'info',
}

/**
 * The table of one page of a plan.
 * @param policyId the stored policy, from which its users can be exempted; null for a proposed one
 */
export function planTable({ rollout }: Texts, items: readonly PlanItem[], policyId: string | null): Html {
  const { plan: words } = rollout
  return dataTable({
    caption: words.caption,
    columns: [
      { label: words.user },
      { label: words.why },
      { label: words.state },
      ...(policyId === null ? [] : [screenReaderColumn(words.exempt)]),
    ],
    rows: items.map((item) => planRow({ rollout }, item, policyId)),
    empty: html`<p>${words.none}</p>`,
  })
}

function planRow({ rollout }: Pick<Texts, 'rollout'>, item: PlanItem, policyId: string | null): Row {
  const { user, state } = item
  const label = html`${rollout.plan.exempt}<span class="unseen"> – ${name(user.username)}</span>`
  return {
    cells: [
      html`<a href="${userPath(user, '#requirements')}">${name(user.username)}</a>`,
      stopReasonInWords({ rollout }, item),
      html`${chip(STATE_ICONS[state], rollout.states[state])}
      ${isPrivileged(user) && chip('info', rollout.plan.hasPermissions)}
      ${state === 'stopped' && user.email === null && chip('plain', rollout.plan.noEmail)}`,
      ...(policyId === null ? [] : [quietLink(policyPath(policyId, `/exemptions/new?user=${user.id}`), label)]),
    ],
  }
}

/** What a plan says beside its table: how many users are stopped, what exempt ones sign in with, and how long passwords must be. */
export function planOverview(say: Texts, plan: Plan, summary: PlanSummary, now: Instant): Html {
  return html`${planNumbers(say, plan, summary, now)} ${exemptSentence(say, plan)} ${passwordSentence(say, plan)}`
}

/** How many users are stopped, by reason; a sentence where it is none. */
function planNumbers({ rollout }: Texts, plan: Plan, summary: PlanSummary, now: Instant): Html {
  const { plan: words } = rollout
  const count = countIn(summary)
  if (count === 0) return html`<p>${words.noUser} ${words.users(summary.concerned)}</p>`
  return html`<p>
      <strong>${deadlineOf(plan, now) === null ? words.summaryNow(count) : words.summary(count)}.</strong>
      ${words.users(summary.concerned)}
    </p>
    <ul>
      ${summary.counts.map(
        ({ reason, state, count: users }) =>
          html`<li>${rollout.reasons[reason]} · ${rollout.states[state]}: ${users}</li>`,
      )}
    </ul>
    ${summary.withPermissions > 0 && html`<p>${words.withPermissions(summary.withPermissions)}</p>`}
    ${summary.withoutEmail > 0 && html`<p>${words.withoutEmail(summary.withoutEmail)}</p>`}`
}

/** What users who are exempt sign in with meanwhile; nothing where the policy requires no second factor. */
export function exemptSentence({ rollout }: Texts, { asked: { whileExempt } }: Pick<Plan, 'asked'>): Html | false {
  return whileExempt !== null && html`<p>${rollout.plan.whileExempt[whileExempt]}</p>`
}

/** How long passwords must be where a second step is optional; nothing where the policy does not make it so. */
function passwordSentence({ rollout }: Texts, { passwordMinimum }: Pick<Plan, 'passwordMinimum'>): Html | false {
  return passwordMinimum !== null && html`<p>${rollout.plan.passwords(passwordMinimum)}</p>`
}

/** Why a user is stopped, with the name of the policy that takes part in it. */
export function stopReasonInWords(
  { rollout }: Pick<Texts, 'rollout'>,
  { reason, otherPolicy }: Pick<PlanItem, 'reason' | 'otherPolicy'>,
): string {
  const words = rollout.reasons[reason]
  return otherPolicy === null ? words : rollout.withOther(words, otherPolicy)
}

/** Why a policy cannot be stored, for readers who may see users. */
export function conflictInWords(say: Texts, conflict: PlanConflict): string {
  return fieldErrorSentence(say, contradiction(['', conflict.policy], conflict, { areNamed: true }))
}

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
    body: html`${planNumbers(say, plan, summary, ctx.now)} ${passwordSentence(say, plan)}
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
    series: [words.users, words.missing],
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
