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
import type { With } from '#foundation/context.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { termSentences } from '#use-cases/page-sections/term-sentences.pages.ts'
import { readTermsWith } from './named-policy.service.ts'

interface ProposedTerms {
  /** What the policy that is changed says now; undefined for a new one, and for one that is not in force. */
  readonly current: PolicyTerms | undefined
  readonly scoped: Scoped
  readonly terms: PolicyTerms
}

export interface TermChanges {
  /** The terms that change: label, now and after. */
  readonly rows: readonly (readonly [label: string, now: string, after: string])[]
  /** What the version says without a difference, because something stricter applies; where nothing changes, it says so. */
  readonly note: Html
}

/** Returns what a version that is to be stored changes for the users of its scope. */
export async function termChanges(
  ctx: With<'db' | 'now' | 'config'>,
  say: Texts,
  { current, scoped, terms }: ProposedTerms,
): Promise<TermChanges> {
  const { confirm, form } = say.policies
  const [now, after] = [
    (await readTermsWith(ctx, scoped, current)).terms,
    (await readTermsWith(ctx, scoped, terms)).terms,
  ]
  const changed = TERMS.filter((term) => termValue(say, now, term) !== termValue(say, after, term))
  const [helped, helps] = [current?.helpersMayExempt ?? false, terms.helpersMayExempt]
  const { yes, no } = say.approvals
  const rows = [
    ...changed
      .filter((term) => !followsFromPasskey(term, after))
      .map((term) => [form[term], termValue(say, now, term), termValue(say, after, term)] as const),
    ...(helped === helps ? [] : [[form.helpersMayExempt, helped ? yes : no, helps ? yes : no] as const]),
  ]
  const idle = TERMS.filter((term) => !changed.includes(term) && isSetAnew(terms, current ?? NO_TERMS, term))
  const idleTerms = { ...NO_TERMS, ...Object.fromEntries(idle.map((term) => [term, terms[term]])) }
  return {
    rows,
    note: html`${rows.length === 0 && html`<p>${confirm.nothingChanges}</p>`}
    ${idle.length > 0 && html`<p class="small">${confirm.noDifference} ${termSentences(say, idleTerms).join(' ')}</p>`}`,
  }
}

/** The same as a table, with the note below. */
export function termChangesTable({ approvals, policies }: Texts, { rows, note }: TermChanges): Html {
  return html`${dataTable({
    kind: 'changes',
    caption: approvals.changesTable,
    columns: [policies.requirements.requirement, approvals.now, approvals.after].map((label) => ({ label })),
    rows: rows.map((cells) => ({ cells })),
    empty: html``,
  })}
  ${note}`
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
