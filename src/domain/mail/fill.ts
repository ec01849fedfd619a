// Puts facts into the texts of mails.

export type Facts = Readonly<Record<string, string | undefined>>

const PLACE = /\{(\w+)\}/g

/** The names of the facts in a text. */
export function factsNamedIn(text: string): string[] {
  return [...text.matchAll(PLACE)].map(([, name = '']) => name)
}

/** The text with its facts, without control characters; undefined where a fact has no value. */
export function fill(text: string, facts: Facts): string | undefined {
  if (factsNamedIn(text).some((name) => !valueOf(facts, name))) return undefined
  return text.replaceAll(PLACE, (_place, name: string) => valueOf(facts, name))
}

/** The paragraphs whose facts all have a value. */
export function paragraphsOf(texts: readonly string[], facts: Facts): string[] {
  return texts.map((text) => fill(text, facts)).filter((text) => text !== undefined)
}

function valueOf(facts: Facts, name: string): string {
  const value = Object.hasOwn(facts, name) ? (facts[name] ?? '') : ''
  return unlinked(value.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').trim())
}

/** Mail programs make links of what looks like one. A word joiner (U+2060) after each dot, colon and at sign stops them. */
function unlinked(value: string): string {
  return value.replaceAll(/(?<=\S)[.:@](?=\S)/g, '$&\u2060')
}
