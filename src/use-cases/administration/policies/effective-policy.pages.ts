// The fact on a user's page that shows what is required of the user, and what decided it.
import { type Term, TERMS } from '#domain/policies/policy.ts'
import type { With } from '#foundation/context.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { termSentence } from '#use-cases/page-sections/term-sentences.pages.ts'
import type { UserReader } from '../access/user-reader.pages.ts'
import { policyPath } from '../policy-rollout/policy-path.ts'
import {
  type ApplicablePolicy,
  decidingPolicy,
  type ExplainedPolicy,
  explainPolicy,
} from './effective-policy.service.ts'
import { scopeInWords } from './policy-words.pages.ts'

/** A fact on the user's page; none for a reader who may not see policies. */
export async function requirementsFact(
  ctx: With<'db' | 'now' | 'config'>,
  reader: UserReader,
): Promise<(readonly [string, Html])[]> {
  const { say, user, permissions } = reader
  if (!permissions.includes('policy:write')) return []
  const { requirements: words } = say.policies
  const explained = await explainPolicy(ctx, user)
  const rows = TERMS.map((term) => ({
    cells: [termSentence(say, explained.terms, term), decisionCell(reader, explained, term)],
  }))
  const columns = [{ label: words.requirement }, { label: words.decidedBy }]
  // Browsers open the details when a URL leads to something inside them.
  const details = html`<details>
    <summary>${termSentence(say, explained.terms, 'secondFactor')}</summary>
    <p id="requirements">${words.leadOfUser}</p>
    ${dataTable({ kind: 'compact', caption: words.title, columns, rows, empty: html`` })}
    ${explained.policies.flatMap((policy) => exemptionSentence(reader, policy))}
  </details>`
  return [[words.title, details]]
}

function decisionCell({ say }: UserReader, explained: ExplainedPolicy, term: Term): Html {
  const { requirements: words } = say.policies
  const found = decidingPolicy(explained, term)
  if (found === undefined) return html`${words.sources[explained.decidedBy[term].source]}`
  const { policy, version } = found
  return html`${policyLink(policy)}
    <div class="small">${name(scopeInWords(say, policy))} · ${words.version(version)}</div>`
}

function exemptionSentence(reader: UserReader, policy: ApplicablePolicy): Html[] {
  const { requirements: words } = reader.say.policies
  if (policy.exemptUntil === null) return []
  return [html`<p>${words.exempt} ${policyLink(policy)} ${words.until} ${deadline(reader, policy.exemptUntil)}.</p>`]
}

function policyLink({ id, name: given }: ApplicablePolicy): Html {
  return html`<a href="${policyPath(id)}">${name(given)}</a>`
}
