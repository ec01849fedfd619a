// What policies say, in words.
import { type ConfiguredPolicy, type LockableTerm, versionInForce } from '#domain/policies/policy.ts'
import { isPlanned } from '#domain/policies/store/policy-checks.ts'
import type { StoredVersion } from '#domain/policies/store/stored-policy.service.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import type { IconName } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { termSentence, termSentences } from '#use-cases/page-sections/term-sentences.pages.ts'
import type { NamedPolicy } from './named-policy.service.ts'

/** The scope of a policy. */
export function scopeInWords(
  { policies: { scopes } }: Texts,
  { scope, scopeRef, scopeName }: Pick<NamedPolicy, 'scope' | 'scopeRef' | 'scopeName'>,
): string {
  if (scope === 'everyone') return scopes.everyone
  return scope === 'role' ? scopes.role(scopeName ?? scopeRef ?? '') : scopes.group(scopeName ?? scopes.gone)
}

/** What a version says as a list of sentences; an end says that the policy ends. */
export function versionSays(say: Texts, { terms, isEnd }: Pick<StoredVersion, 'terms' | 'isEnd'>): Html {
  const sentences = isEnd ? [say.policies.ends] : termSentences(say, terms)
  if (sentences.length === 1) return html`${sentences[0]}`
  return html`<ul>
    ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
  </ul>`
}

/** What one term of the configuration says. */
export function configuredSentence(say: Texts, { terms }: ConfiguredPolicy, term: LockableTerm): string {
  return termSentence(say, terms, term)
}

/** What the end of a policy means. At the end of that for everyone the configuration decides on the second factor again. */
export function endInWords(say: Texts, { scope }: Pick<NamedPolicy, 'scope'>, configured: ConfiguredPolicy): string {
  const { endLead, endLeadOfEveryone } = say.policies.one
  return scope === 'everyone' ? endLeadOfEveryone(configuredSentence(say, configured, 'secondFactor')) : endLead
}

/** The state of a version in a word, and its mark. */
export function versionState(
  { policies: { one } }: Texts,
  version: StoredVersion,
  { versions, now }: { readonly versions: readonly StoredVersion[]; readonly now: Instant },
): readonly [IconName, string] {
  if (version.cancelledAt !== null) return ['plain', one.states.cancelled]
  if (isPlanned(version, now)) return ['info', one.states.planned]
  if (version === versionInForce(versions, now)) return ['ok', one.states.inForce]
  return ['plain', version.isEnd ? one.states.ended : one.states.past]
}
