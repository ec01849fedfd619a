// What policies say, in words.
import type { ConfiguredPolicy, LockableTerm } from '#domain/policies/policy.ts'
import type { WantedVersion } from '#domain/policies/store/policy-validity.service.ts'
import type { StoredVersion } from '#domain/policies/store/stored-policy.service.ts'
import { currentVersions, type VersionState } from '#domain/policies/store/version-state.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { day } from '#foundation/texts/day-and-time.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { exactEnd, type MomentReader } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { lineList } from '#foundation/web/components/section.ts'
import { chip, type IconName } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { termSentence, termSentences } from '#use-cases/page-sections/term-sentences.pages.ts'
import type { NamedPolicy } from './named-policy.service.ts'

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
  return lineList(sentences)
}

export function configuredSentence(say: Texts, { terms }: ConfiguredPolicy, term: LockableTerm): string {
  return termSentence(say, terms, term)
}

/** What the end of a policy means. At the end of that for everyone the configuration decides on the second factor again. */
export function endInWords(say: Texts, { scope }: Pick<NamedPolicy, 'scope'>, configured: ConfiguredPolicy): string {
  const { endLead, endLeadOfEveryone } = say.policies.one
  return scope === 'everyone' ? endLeadOfEveryone(configuredSentence(say, configured, 'secondFactor')) : endLead
}

/** Whether a policy is in force, and when it changes next. */
export function policyStanding(reader: MomentReader, policy: NamedPolicy): readonly Html[] {
  const { one, notInForce } = reader.say.policies
  const { inForce, planned } = currentVersions(policy, reader.now)
  const next = planned.map(({ isEnd, inForceFrom }) => {
    const words = isEnd ? one.endsOn : one[inForce === undefined ? 'startsOn' : 'changesOn']
    // The day alone fits a line of a phone. The page of the policy has the time.
    return chip('info', words(day(reader, inForceFrom)), exactEnd(reader, inForceFrom))
  })
  if (inForce !== undefined) return [chip('ok', one.states['in force']), ...next]
  return next.length > 0 ? next : [chip('plain', notInForce)]
}

const STATE_ICONS: Readonly<Record<VersionState, IconName>> = {
  'in force': 'ok',
  planned: 'info',
  past: 'plain',
  ended: 'plain',
  cancelled: 'plain',
}

export function versionStateChip({ policies: { one } }: Texts, state: VersionState): Html {
  return chip(STATE_ICONS[state], one.states[state])
}

/** The scope of a version that is to be stored, what it says, and from when on. */
export function versionFacts(
  say: Texts,
  scoped: Pick<NamedPolicy, 'scope' | 'scopeRef' | 'scopeName'>,
  { terms, inForceFrom }: WantedVersion,
  shown: (at: Instant) => Html,
): readonly (readonly [string, Html | string])[] {
  const { one, confirm } = say.policies
  return [
    [one.scope, name(scopeInWords(say, scoped))],
    [one.says, versionSays(say, { terms, isEnd: false })],
    [one.from, inForceFrom === null ? confirm.atOnce : shown(inForceFrom)],
  ]
}
