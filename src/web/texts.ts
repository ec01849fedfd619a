import type { Fault } from '../kernel/fault.ts'
import type { Refusal } from '../kernel/refusal.ts'
import { english } from './texts/english.ts'

/** Every sentence the pages say. A language that lacks one does not compile. */
export type Texts = Omit<typeof english, 'language'> & { readonly language: string }

const CATALOGUES: Readonly<Record<string, Texts>> = { en: english }

/** The languages there are, as their ISO 639 codes. */
export const LANGUAGES: readonly string[] = Object.keys(CATALOGUES)

/** The catalogue for a language tag (BCP 47), such as `de-AT`; English where there is none. */
export function texts(locale: string | null | undefined): Texts {
  const language = locale?.split('-', 1)[0]?.toLowerCase() ?? 'en'
  return (Object.hasOwn(CATALOGUES, language) ? CATALOGUES[language] : undefined) ?? english
}

/** What happened and what to do now, for the person reading the page. */
export function refusalSentence(say: Texts, { code, facts }: Refusal): string {
  return say.refusals[code](facts)
}

/** What is wrong with a field and how to put it right; never the value that was typed. */
export function faultSentence(say: Texts, { code, facts }: Fault): string {
  const sentences: Readonly<Record<string, (facts: NonNullable<Fault['facts']>) => string>> = say.faults
  const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined
  return sentence?.(facts ?? {}) ?? say.words.unknownFault
}
