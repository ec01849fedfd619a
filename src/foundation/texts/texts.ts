import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { english, type Texts } from './english.ts'
import type { ShownEvent } from './english/events.ts'
import { german } from './german.ts'

export type { Texts } from './english.ts'

const CATALOGUES: Readonly<Record<string, Texts>> = { en: english, de: german }

/** The languages there are, as their ISO 639 codes. */
export const LANGUAGES: readonly string[] = Object.keys(CATALOGUES)

/** The language we have for a tag (BCP 47), such as `de` for `de-AT`; null where there is none. */
export function languageOf(tag: string | null | undefined): string | null {
  const language = tag?.split('-', 1)[0]?.toLowerCase() ?? ''
  return LANGUAGES.includes(language) ? language : null
}

/** The catalogue for a language tag; English where there is none. */
export function texts(locale: string | null | undefined): Texts {
  return CATALOGUES[languageOf(locale) ?? 'en'] ?? english
}

/** What happened and what to do now, for the person reading the page. */
export function refusalSentence(say: Texts, { code, facts }: Refusal): string {
  return say.refusals[code](facts)
}

/** A sentence by a name that may come from anywhere; undefined for a name without one, also one that every object inherits. */
export function sentenceFor<Sentence>(
  sentences: Readonly<Record<string, Sentence>>,
  name: string,
): Sentence | undefined {
  return Object.hasOwn(sentences, name) ? sentences[name] : undefined
}

/** What is wrong with a field and how to put it right; never the value that was typed. */
export function fieldErrorSentence(say: Texts, { code, facts = {} }: FieldError): string {
  return sentenceFor(say.fieldErrors, code)?.(facts) ?? say.words.unknownFieldError
}

export interface DescribedEvent {
  readonly action: string
  readonly result: string
  readonly details: ShownEvent['details'] | null
}

/** What happened, in words; an action of a newer program is shown by its name. */
export function eventSentence({ events }: Texts, { action, result, details }: DescribedEvent): string {
  const shown = { refused: result === 'refused', details: details ?? {} }
  return sentenceFor(events.sentences, action)?.(shown) ?? action
}

/** The same where it stands by itself, as sentences do. */
export function standaloneReason(say: Texts, reason: string | null): string | undefined {
  const words = eventReason(say, reason)
  return words && words.charAt(0).toLocaleUpperCase(say.language) + words.slice(1)
}

/** Why it was refused, or why it happened, in the middle of a sentence; undefined where no sentence says so. */
export function eventReason({ events }: Texts, reason: string | null): string | undefined {
  return reason === null ? undefined : sentenceFor(events.reasons, reason)
}
