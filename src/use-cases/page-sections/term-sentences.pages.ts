// What the terms of policies require, in sentences.
import {
  DURATION_TERMS,
  type DurationTerm,
  NO_TERMS,
  type PolicyTerms,
  type Term,
  type UserPolicy,
} from '#domain/policies/policy.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import type { Texts } from '#foundation/texts/texts.ts'

/** What terms say, a sentence for each. */
export function termSentences(say: Texts, terms: PolicyTerms): string[] {
  const { terms: words } = say.policies
  const { secondFactor, factors, helpersMayExempt } = terms
  return [
    ...(secondFactor === null ? [] : [words.secondFactor[secondFactor]]),
    ...(factors === null ? [] : [words.factors(kindsInWords(say, factors))]),
    ...DURATION_TERMS.flatMap((term) => {
      const duration = terms[term]
      return duration === null ? [] : [durationSentence(say, term, duration)]
    }),
    ...(helpersMayExempt ? [words.helpersMayExempt] : []),
  ]
}

function durationSentence(say: Texts, term: DurationTerm, duration: Duration): string {
  const { terms: words } = say.policies
  return term === 'rememberFor' && duration === 0
    ? words.rememberNever
    : words[term](spanInWords(say.language, duration))
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
