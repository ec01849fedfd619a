// The section of a user's page that shows what is required of the user, and what decided it.
import { type Term, TERMS } from '#domain/policies/policy.ts'
import type { With } from '#foundation/context.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { deadline } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
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

/** What is required of the user now, each with the policy that decided it. */
export async function requirementsSection(ctx: With<'db' | 'now' | 'config'>, reader: UserReader): Promise<Html> {
  const { say, config, user } = reader
  const { requirements: words } = say.policies
  const explained = await explainPolicy(ctx, user)
  const rows = TERMS.map((term) => ({
    cells: [termSentence(say, explained.terms, term), decisionCell(reader, explained, term)],
  }))
  const columns = [{ label: words.requirement }, { label: words.decidedBy, isPlain: true }]
  return section({
    id: 'requirements',
    title: words.title,
    lead: words.leadOfUser,
    body: html`${explained.policies.flatMap((policy) => exemptionSentence(reader, policy))}
    ${dataTable({ kind: 'compact', caption: words.title, columns, rows, empty: html`` })}`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/users/${user.id}/policy` }),
  })
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
