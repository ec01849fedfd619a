// The users whom a policy stops, as a table and in numbers; for the plan of a stored policy and for the preview of a proposed one.
import { contradiction } from '#domain/policies/policy-validity.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { fieldErrorSentence, type Texts } from '#foundation/texts/texts.ts'
import { quietLink } from '#foundation/web/components/button.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { chip } from '#foundation/web/components/status.ts'
import { dataTable, type Row, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { userPath } from '../access/user-reader.pages.ts'
import { countIn, type Plan, type PlanConflict, type PlanItem, type PlanSummary } from './plan.service.ts'
import type { StopState } from './plan.ts'
import { policyPath } from './policy-path.ts'

/** The mark of each state. */
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

/** How many users are stopped, by reason; a sentence where it is none. */
export function planNumbers({ rollout }: Texts, summary: PlanSummary, isPlanned: boolean): Html {
  const { plan: words } = rollout
  const count = countIn(summary)
  if (count === 0) return html`<p>${words.noUser} ${words.concerned(summary.concerned)}</p>`
  return html`<p>
      <strong>${isPlanned ? words.summary(count) : words.summaryNow(count)}.</strong>
      ${words.concerned(summary.concerned)}
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

/** What users who are exempt sign in with meanwhile; nothing where the policy asks for no second factor. */
export function exemptSentence({ rollout }: Texts, { asked: { whileExempt } }: Pick<Plan, 'asked'>): Html | false {
  return whileExempt !== null && html`<p>${rollout.plan.whileExempt[whileExempt]}</p>`
}

/** How long passwords must be where a second step is optional; nothing where the policy does not make it so. */
export function passwordSentence({ rollout }: Texts, { passwordMinimum }: Pick<Plan, 'passwordMinimum'>): Html | false {
  return passwordMinimum !== null && html`<p>${rollout.plan.passwords(passwordMinimum)}</p>`
}

/** Why a user is stopped, with the name of the policy that takes part in it. */
function stopReasonInWords(
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
