// Puts facts into the texts of mails, so that no fact becomes a header, a link or an element.

export type Facts = Readonly<Record<string, string | undefined>>

const FACT_IN_BRACES = /\{(\w+)\}/g

/** The names of the facts in a text. */
export function factsNamedIn(text: string): string[] {
  return [...text.matchAll(FACT_IN_BRACES)].map(([, name = '']) => name)
}

/**
 * The text with its facts; undefined where a fact has no value. Values of `facts` come from people: control characters and changes of
 * direction are removed, and links are broken. Those of `own` come from the configuration.
 */
export function fill(text: string, facts: Facts, own: Facts = {}): string | undefined {
  const valueOf = (name: string): string => valueIn(own, name) ?? harmless(valueIn(facts, name) ?? '')
  if (factsNamedIn(text).some((name) => valueOf(name) === '')) return undefined
  return text.replaceAll(FACT_IN_BRACES, (_braces, name: string) => valueOf(name))
}

/** What a mail shows below each other: a paragraph, or facts in two columns. */
export type Block = string | readonly (readonly [label: string, value: string])[]

/** A text that is a label and a fact, such as `When: {happened_at}`. */
const LABELLED_FACT = /^([^{}.]{1,40}): (\{\w+\})$/

/** The paragraphs whose facts all have a value; labelled facts that follow each other are one block. */
export function blocksOf(texts: readonly string[], facts: Facts, own: Facts = {}): Block[] {
  const blocks: (string | [string, string][])[] = []
  for (const text of texts) {
    const filled = fill(text, facts, own)
    if (filled === undefined) continue
    const [, label, fact] = LABELLED_FACT.exec(text) ?? []
    const last = blocks.at(-1)
    if (label === undefined || fact === undefined) blocks.push(filled)
    else if (typeof last === 'object') last.push([label, fill(fact, facts, own) ?? ''])
    else blocks.push([[label, fill(fact, facts, own) ?? '']])
  }
  return blocks
}

function valueIn(facts: Facts, name: string): string | undefined {
  return Object.hasOwn(facts, name) ? facts[name] : undefined
}

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
/** Marks, embeddings, overrides and isolates of direction (UAX #9). */
const TURNS = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g
/** What mail programs may turn into a link: a URL, or a name of a host. */
const LINKABLE = /:\/\/|www\.|mailto:|[\p{L}\p{N}-][.\uFF0E\u3002]\p{L}/iu

function harmless(value: string): string {
  const plain = value.replaceAll(CONTROLS, ' ').replaceAll(TURNS, '').trim()
  // A word joiner (U+2060) is not seen, and is part of no URL.
  return LINKABLE.test(plain) ? plain.replaceAll(/[.:@\uFF0E\u3002](?=\S)/g, '$&\u2060') : plain
}
