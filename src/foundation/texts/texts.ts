import type { FieldError, Refusal } from '../kernel/refusal.ts'
import { english } from './english.ts'
import type { Texts } from './english.ts'
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

/** What is wrong with a field and how to put it right; never the value that was typed. */
export function faultSentence(say: Texts, { code, facts }: FieldError): string {
  const sentences: Readonly<Record<string, (facts: NonNullable<FieldError['facts']>) => string>> = say.faults
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined
  return sentence?.(facts ?? {}) ?? say.words.unknownFault
}
