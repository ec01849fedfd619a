// What a language gets wrong that still compiles: a fact that English says and it does not, and a plural form that it lacks.
import { anything, type Sentence, sentencesOf } from './catalogue-sentences.ts'

interface Catalogue {
  readonly language: string
}

/**
 * Returns the facts that English says and the language leaves out, as `path: fact`. Facts are found by their text or their digits; a span in words
 * is not.
 */
export function missingFacts(say: Catalogue, english: Catalogue): string[] {
  const said = new Map(sentencesOf(say).map((sentence) => [sentence.path, sentence]))
  const named = factsInBraces(say)
  const ofSentences = sentencesOf(english).flatMap((sentence) => {
    const other = said.get(sentence.path)
    const there = other ? factsSaid(other) : []
    return factsSaid(sentence)
      .filter((fact) => !there.includes(fact))
      .map((fact) => `${sentence.path}: ${fact}`)
  })
  const ofMails = [...factsInBraces(english)].flatMap(([part, facts]) =>
    [...facts].filter((fact) => !named.get(part)?.has(fact)).map((fact) => `${part}: {${fact}}`),
  )
  return [...ofSentences, ...ofMails]
}

/** A number of seven digits for each fact, so that no sentence has it by chance. */
const FIRST = 7_000_001

/** The facts of a sentence that its text shows: its parameters by number, and the fields of a parameter by name. */
function factsSaid({ arity, sayWith }: Sentence): string[] {
  const numbers = new Map<string, number>()
  const factOf = (name: string): unknown => {
    const number = numbers.get(name) ?? FIRST + numbers.size
    numbers.set(name, number)
    return anything(number, `«${number}»`, (key) =>
      METHODS.some((type) => key in type) ? anything(number, `«${number}»`) : factOf(`${name}.${key}`),
    )
  }
  const text = withoutSeparators(sayWith(Array.from({ length: arity }, (_, index) => factOf(String(index)))))
  return [...numbers].filter(([, number]) => text.includes(String(number))).map(([name]) => name)
}

/** What sentences call on a fact is no field of it. */
const METHODS: readonly object[] = [String.prototype, Number.prototype, Array.prototype]

function withoutSeparators(text: string): string {
  return text.replaceAll(/(?<=\d)[.,\u00A0\u202F’](?=\d)/g, '')
}

/** The names in braces, by the mail that names them: a language may order its paragraphs in its own way. */
function factsInBraces(say: Catalogue): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { path, arity, say: text } of sentencesOf(say)) {
    if (arity > 0) continue
    const part = path.startsWith('mails.') ? path.split('.').slice(0, 2).join('.') : path
    for (const [, name = ''] of text(undefined).matchAll(/\{(\w+)\}/g))
      found.set(part, (found.get(part) ?? new Set()).add(name))
  }
  return found
}

const MOST = 200

/**
 * Returns the sentences that do not follow the plural rules of the language (CLDR, as `Intl.PluralRules` has them): those that say two numbers of
 * one form differently, and those that say a form besides *one* and *other* as another one.
 */
export function pluralFaults(say: Catalogue, english: Catalogue): string[] {
  const rules = new Intl.PluralRules(say.language)
  const counted = new Set(
    sentencesOf(english)
      .filter((sentence) => wordsFor(sentence, 1) !== wordsFor(sentence, 3))
      .map(({ path }) => path),
  )
  const forms = new Map<string, number[]>()
  for (let number = 1; number <= MOST; number++)
    forms.set(rules.select(number), [...(forms.get(rules.select(number)) ?? []), number])
  return sentencesOf(say)
    .filter(({ path }) => counted.has(path))
    .flatMap((sentence) => {
      const said = [...forms].map(([form, [first = 0, second = first]]) => ({
        form,
        words: wordsFor(sentence, first),
        again: wordsFor(sentence, second),
      }))
      const unsteady = said.filter(({ words, again }) => words !== again)
      const alike = said.filter(
        ({ form, words }) =>
          !['one', 'other'].includes(form) && said.some((other) => other.form !== form && other.words === words),
      )
      return [
        ...unsteady.map(({ form }) => `${sentence.path}: two numbers of the form ${form} have different words`),
        ...alike.map(({ form }) => `${sentence.path}: the form ${form} has the words of another one`),
      ]
    })
}

/** The sentence without its digits; undefined if it takes no number. */
function wordsFor({ arity, sayWith }: Sentence, number: number): string | undefined {
  const fields: object = new Proxy({}, { get: (_target, key) => (typeof key === 'string' ? number : undefined) })
  for (const fact of [number, fields]) {
    const said = attempt(() => sayWith(Array.from({ length: arity }, () => fact)))
    if (said !== undefined && !/undefined|NaN|\[object/.test(said)) return said.replaceAll(/\d/g, '')
  }
  return undefined
}

function attempt(say: () => string): string | undefined {
  try {
    return say()
  } catch {
    return undefined
  }
}
