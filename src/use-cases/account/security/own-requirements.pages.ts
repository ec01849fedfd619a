// What is required of the user, on the page Security. Which policy decided it is for admins.
import { ALLOWABLE_FACTORS, type Term, TERMS, type UserPolicy } from '#domain/policies/policy.ts'
import { termSentence } from '#domain/policies/term-sentences.pages.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '#foundation/web/html.ts'

/** A part of a section that says what the policies and the configuration require of the user now. */
export function ownRequirements(say: Texts, policy: UserPolicy): Html {
  const { requirements: words } = say.policies
  const said = TERMS.filter((term) => requires(policy, term)).map((term) => termSentence(say, policy, term))
  return html`<details>
    <summary>${words.title}</summary>
    <p class="small">${said.join(' ')}</p>
  </details>`
}

/** Whether the term says something to its user: not if all factors are allowed, and no device is remembered. */
function requires({ factors, rememberFor }: UserPolicy, term: Term): boolean {
  if (term === 'factors') return factors.length < ALLOWABLE_FACTORS.length
  return term !== 'rememberFor' || rememberFor > 0
}
