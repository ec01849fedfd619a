// What a version that is to be stored changes: each term as it applies now and as it will.
import {
  ALLOWABLE_FACTORS,
  NO_TERMS,
  type PolicyTerms,
  type Term,
  TERMS,
  type UserPolicy,
} from '#domain/policies/policy.ts'
import type { Scoped } from '#domain/policies/scope.ts'
import { currentVersions } from '#domain/policies/store/version-state.ts'
import type { With } from '#foundation/context.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { termSentences } from '#use-cases/page-sections/term-sentences.pages.ts'
import { type NamedPolicy, readTermsWith } from './named-policy.service.ts'

interface ProposedTerms {
  /** The policy that is changed; undefined for a new one. */
  readonly policy: NamedPolicy | undefined
  readonly scoped: Scoped
  readonly terms: PolicyTerms
}

/** The terms that change, each now and after, and below them what makes no difference because something stricter applies. */
export async function termChanges(
  ctx: With<'db' | 'now' | 'config'>,
  say: Texts,
  { policy, scoped, terms }: ProposedTerms,
): Promise<Html> {
  const { confirm, form, requirements } = say.policies
  const current = policy && currentVersions(policy, ctx.now).inForce?.terms
  const [now, after] = [
    (await readTermsWith(ctx, scoped, current)).terms,
    (await readTermsWith(ctx, scoped, terms)).terms,
  ]
  const changed = TERMS.filter((term) => termValue(say, now, term) !== termValue(say, after, term))
  const helped = [current?.helpersMayExempt ?? false, terms.helpersMayExempt] as const
  const { now: nowLabel, after: afterLabel, yes, no, changesTable } = say.approvals
  const rows = [
    ...changed
      .filter((term) => !followsFromPasskey(term, after))
      .map((term) => [form[term], termValue(say, now, term), termValue(say, after, term)]),
    ...(helped[0] === helped[1] ? [] : [[form.helpersMayExempt, ...helped.map((may) => (may ? yes : no))]]),
  ]
  const idle = TERMS.filter((term) => !changed.includes(term) && isSetAnew(terms, current ?? NO_TERMS, term))
  const idleTerms = { ...NO_TERMS, ...Object.fromEntries(idle.map((term) => [term, terms[term]])) }
  return html`${dataTable({
    kind: 'changes',
    caption: changesTable,
    columns: [requirements.requirement, nowLabel, afterLabel].map((label) => ({ label })),
    rows: rows.map((cells) => ({ cells })),
    empty: html`<p>${confirm.nothingChanges}</p>`,
  })}
  ${idle.length > 0 && html`<p class="small">${confirm.noDifference} ${termSentences(say, idleTerms).join(' ')}</p>`}`
}

/** Whether the kinds change only because a passkey is required, which is said already. */
function followsFromPasskey(term: Term, { secondFactor }: UserPolicy): boolean {
  return term === 'factors' && secondFactor === 'phishing-resistant'
}

/** Whether a version says something of a term that the version in force does not say. */
function isSetAnew(terms: PolicyTerms, current: PolicyTerms, term: Term): boolean {
  return terms[term] !== null && String(terms[term]) !== String(current[term])
}

/** The value of a term behind its label. */
function termValue(say: Texts, terms: UserPolicy, term: Term): string {
  const { form } = say.policies
  if (term === 'secondFactor') return form.says[terms.secondFactor]
  if (term === 'factors') {
    const [only, ...others] = ALLOWABLE_FACTORS.filter((kind) => terms.factors.includes(kind))
    return only === undefined || others.length > 0 ? form.kinds.both : form.kinds[only]
  }
  const span = terms[term]
  return term === 'rememberFor' && span === 0 ? form.neverInForce : spanInWords(say.language, span)
}
