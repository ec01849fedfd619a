// What the terms of policies require, in sentences.
import { NO_TERMS, type PolicyTerms, type Term, type UserPolicy } from '#domain/policies/policy.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'

/** What terms say, a sentence for each. */
export function termSentences(say: Texts, terms: PolicyTerms): string[] {
  const { terms: words } = say.policies
  const span = (duration: Duration): string => spanInWords(say.language, duration)
  const { secondFactor, factors, sessionIdle, sessionAbsolute, reauthentication, rememberFor, helpersMayExempt } = terms
  return [
    ...(secondFactor === null ? [] : [words.secondFactor[secondFactor]]),
    ...(factors === null ? [] : [words.factors(kindsInWords(say, factors))]),
    ...(sessionIdle === null ? [] : [words.sessionIdle(span(sessionIdle))]),
    ...(sessionAbsolute === null ? [] : [words.sessionAbsolute(span(sessionAbsolute))]),
    ...(reauthentication === null ? [] : [words.reauthentication(span(reauthentication))]),
    ...rememberSentence(say, rememberFor),
    ...(helpersMayExempt ? [words.helpersMayExempt] : []),
  ]
}

function rememberSentence(say: Texts, rememberFor: Duration | null): string[] {
  const { terms: words } = say.policies
  if (rememberFor === null) return []
  return [rememberFor === 0 ? words.rememberNever : words.rememberFor(spanInWords(say.language, rememberFor))]
}

function kindsInWords(say: Texts, factors: NonNullable<PolicyTerms['factors']>): string {
  const names = factors.map((kind) => say.policies.terms.kinds[kind])
  return new Intl.ListFormat(say.language, { type: 'conjunction' }).format(names)
}

/** What one term of an effective policy says. */
export function termSentence(say: Texts, terms: UserPolicy, term: Term): string {
  const [sentence = ''] = termSentences(say, { ...NO_TERMS, [term]: terms[term] })
  return sentence
}
