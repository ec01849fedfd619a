// What pages say of a plan: of a stored policy on its own page and that of the plan, and of a proposed one before it is stored.
import { isMailOn } from '#domain/mail/mail.service.ts'
import { canStop, factorRequirementOf } from '#domain/policies/evaluation/factor-requirement.ts'
import { remindersOf } from '#domain/policies/rollout/reminder.ts'
import { contradiction } from '#domain/policies/store/policy-validity.service.ts'
import type { StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { LEAST_DAYS_OF_PROGRESS } from '#foundation/kernel/stated-limits.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { calendarOf, day } from '#foundation/texts/day-and-time.ts'
import { fieldErrorSentence, type Texts } from '#foundation/texts/texts.ts'
import { linkButton, quietLink } from '#foundation/web/components/button.ts'
import { dayChart } from '#foundation/web/components/day-chart.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { rowList, section, lineList } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { dataTable, type Row, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userFace, userFaceWithLine } from '../access/face.pages.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import {
  countIn,
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
    kind: 'compact',
    caption: words.caption,
    columns: [
      { label: words.user },
      { label: words.why, isPlain: true },
      { label: words.state, isPlain: true },
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
      userFace(user, '/requirements'),
      stopReasonInWords({ rollout }, item),
      html`${chip(STATE_ICONS[state], rollout.states[state])}
      ${isPrivileged(user) && chip('info', rollout.plan.hasPermissions)}
      ${state === 'stopped' && user.email === null && chip('plain', rollout.plan.noEmail)}`,
      ...(policyId === null ? [] : [quietLink(policyPath(policyId, `/exemptions/new?user=${user.id}`), label)]),
    ],
  }
}

/** How many users a plan stops, as a title or the begin of a sentence. */
function planTitle({ rollout: { plan: words } }: Texts, summary: PlanSummary): string {
  const count = countIn(summary)
  return count === 0 ? words.noUser : words.summary(count)
}

/**
 * What a plan says beside its table: why users are stopped if there are several reasons, who gets no reminder, what exempt ones sign in
 * with, and how long passwords must be. Beside a part of the users it counts nothing, since it would count all.
 */
export function planNotes(say: Texts, plan: Plan, summary: PlanSummary, { ofPart = false } = {}): Html | false {
  const { rollout } = say
  const { counts } = summary
  const reasons = counts.map(
    ({ reason, state, count: users }) => `${rollout.reasons[reason]} · ${rollout.states[state]}: ${users}`,
  )
  const notes = [
    ...(reasons.length > 1 && !ofPart ? reasons : []),
    ...(ofPart ? [] : whoElse(say, summary)),
    ...(counts.some(({ state }) => state !== 'stopped') ? [rollout.plan.statesHint] : []),
    ...(countIn(summary) > 0 ? exemptSentence(say, plan) : []),
    ...passwordSentence(say, plan),
  ]
  return notes.length > 0 && html`<div class="small">${lineList(notes)}</div>`
}

/** How many of them have permissions, and how many no reminder reaches. */
function whoElse({ rollout: { plan: words } }: Texts, { withPermissions, withoutEmail }: PlanSummary): string[] {
  return [
    ...(withPermissions > 0 ? [words.withPermissions(withPermissions)] : []),
    ...(withoutEmail > 0 ? [words.withoutEmail(withoutEmail)] : []),
  ]
}

/** What users who are exempt sign in with meanwhile; nothing where the policy requires no second factor. */
export function exemptSentence({ rollout }: Texts, { asked: { whileExempt } }: Pick<Plan, 'asked'>): string[] {
  return whileExempt === null ? [] : [rollout.plan.whileExempt[whileExempt]]
}

/** How long passwords must be where a second step is optional; nothing where the policy does not make it so. */
function passwordSentence({ rollout }: Texts, { passwordMinimum }: Pick<Plan, 'passwordMinimum'>): string[] {
  return passwordMinimum === null ? [] : [rollout.plan.passwords(passwordMinimum)]
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

/** How many the proposed policy would stop, and a section that names the first of them to those who may see users. */
export async function planPreview(
  ctx: PlanDeps,
  { say, permissions }: AdminReader,
  proposed: ProposedVersion,
): Promise<{ readonly count: number; readonly preview: Html }> {
  const plan = await proposedPlan(ctx, proposed)
  const summary = await summarizePlan(ctx, plan)
  const { plan: words } = say.rollout
  const preview = section({
    id: 'plan',
    title: planTitle(say, summary),
    lead: words.users(summary.concerned),
    body: html`${planNotes(say, plan, summary)}
    ${permissions.includes('users:read') ? await firstStopped(ctx, { say, plan, summary }) : html`<p>${words.noNames}</p>`}`,
  })
  return { count: countIn(summary), preview }
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

/** Users who are named on the page of the policy; a link leads to all, with what each lacks. */
const LISTED = 5
/** Among fewer users a chart says no more than the bar. */
const LEAST_USERS_OF_CHART = 20

/** How far a stored policy has come: who is ready, who is not, which reminders they get. Throws `policy.not_found`. */
export async function rolloutSection(ctx: PlanDeps, reader: AdminReader, policy: StoredPolicy): Promise<Html> {
  const { say, permissions } = reader
  const { plan: words, exemptions } = say.rollout
  const plan = await storedPlan(ctx, policy.id)
  const summary = await summarizePlan(ctx, plan)
  const maySeeUsers = permissions.includes('users:read')
  const count = countIn(summary)
  const links = html`${count > 0 && linkButton(policyPath(policy.id, '/plan'), words.open)}
  ${linkButton(policyPath(policy.id, '/exemptions'), exemptions.open)}`
  return section({
    id: 'rollout',
    title: words.card,
    action: maySeeUsers && links,
    body: html`${
      count === 0
        ? html`<p>${words.noUser}. ${words.users(summary.concerned)}</p>`
        : html`${readyBar(say, summary)} ${maySeeUsers ? await notReady(ctx, reader, plan) : noNames(say)}
          ${whoElse(say, summary).map((note) => html`<p class="small">${note}</p>`)}`
    }
    ${passwordSentence(say, plan).map((note) => html`<p>${note}</p>`)} ${reminderLine(reader, policy)}
    ${summary.concerned >= LEAST_USERS_OF_CHART && progressChart(reader, await progressWith(ctx, plan, summary))}`,
  })
}

function noNames({ rollout }: Texts): Html {
  return html`<p class="small">${rollout.plan.noNames}</p>`
}

/** The share of the users who are ready, in words and as a bar; nothing where the policy applies to no user. */
export function readyBar({ rollout: { progress } }: Texts, summary: PlanSummary): Html | false {
  if (summary.concerned === 0) return false
  const ready = summary.concerned - countIn(summary)
  const share = ((ready / summary.concerned) * 100).toFixed(2)
  return html`<div class="ready">
    <p><strong>${progress.now(ready, summary.concerned)}</strong></p>
    <svg aria-hidden="true" focusable="false"><rect class="full" width="${share}%" height="100%" /></svg>
  </div>`
}

/** The first who are not ready, each with the way to exempt them. */
async function notReady(ctx: PlanDeps, { say }: AdminReader, plan: Plan): Promise<Html> {
  const { rollout } = say
  const { items } = await pagePlan(ctx, plan, { after: FIRST_PAGE, limit: LISTED })
  return rowList(
    items.map((item) => {
      const { user, state } = item
      const label = html`${rollout.plan.exempt}<span class="unseen"> – ${name(user.username)}</span>`
      return {
        name: userFaceWithLine(
          user,
          [
            stopReasonInWords(say, item),
            ...(state === 'stopped' ? [] : [rollout.states[state]]),
            ...(state === 'stopped' && user.email === null ? [rollout.plan.noEmail] : []),
          ].join(' · '),
          '/requirements',
        ),
        ...(plan.policy.id !== null && {
          action: quietLink(policyPath(plan.policy.id, `/exemptions/new?user=${user.id}`), label),
        }),
      }
    }),
    'tight',
  )
}

/** The mails that remind of a planned version, each with its date; nothing where there is nothing to set up. */
function reminderLine(reader: AdminReader, policy: StoredPolicy): Html | false {
  const { say, config, now } = reader
  const { progress: words } = say.rollout
  const [next] = currentVersions(policy, now).planned
  if (next === undefined || next.isEnd || !canStop(factorRequirementOf(next.terms))) return false
  if (!isMailOn(config)) return html`<p class="small">${words.noMail}</p>`
  return html`<div class="reminders">
    <h3>${words.reminders}</h3>
    <ol>
      ${remindersOf(next).map(
        ({ at, isSent }) =>
          html`<li ${isSent && html`class="sent"`}>
            ${isSent ? words.sent : words.toSend} <time datetime="${toRfc3339(at)}">${day(reader, at)}</time>
          </li>`,
      )}
    </ol>
  </div>`
}

function progressChart({ say }: AdminReader, days: readonly ProgressDay[]): Html {
  const { progress: words } = say.rollout
  if (days.length < LEAST_DAYS_OF_PROGRESS) return html`<p class="small">${words.fillsUp}</p>`
  return dayChart({
    caption: words.caption,
    series: [words.users, words.missing],
    days: days.map(({ day: at, concerned, missing }) => ({
      label: calendarOf(say.language, 'UTC', { day: 'numeric', month: 'short' }).format(at),
      values: [concerned, missing],
    })),
    tableLabel: words.asTable,
    language: say.language,
  })
}
