// A made language for tests: English 40 % longer and accented. It is never one of the product's languages, which offers what LANGUAGES lists.
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { texts } from '#foundation/texts/texts.ts'
import { everySentence } from '#test/support/pages/catalogue-sentences.ts'

const LONGER = 0.4
const ACCENTED: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'AÁ BƁ CÇ DĎ EÉ FƑ GĜ HĤ IÍ JĴ KĶ LĹ MḾ NÑ OÖ PÞ QǪ RŔ SŠ TŢ UÛ VṼ WŴ XẊ YÝ ZŽ',
    'aá bƀ cç dď eé fƒ gĝ hĥ ií jĵ kķ lĺ mḿ nñ oö pþ qǫ rŕ sš tţ uû vṽ wŵ xẋ yý zž',
  ]
    .join(' ')
    .split(' ')
    .map(([plain = '', accented = '']) => [plain, accented]),
)

/** Placeholders, URLs, email addresses, marks of a name that is filled in later, and paths. */
const KEPT = String.raw`\{\w+\}|\S+:\/\/\S+|\S+@\S+|\u{F0000}\d+\u{F0000}|\/\S+`

/** Returns the text accented and 40 % longer. Placeholders and what is filled in stay as they are. */
export function pseudo(text: string, filledIn: readonly string[] = []): string {
  const kept = new RegExp(`(${[...filledIn.map((fact) => RegExp.escape(fact)), KEPT].join('|')})`, 'u')
  const parts = text.split(kept).map((part, index) => (index % 2 === 1 ? part : accented(part)))
  const said = parts.join('')
  if (said.trim() === '') return said
  const words = parts.filter((_, index) => index % 2 === 0).join(' ')
  return `${said} ${filler(words, Math.ceil(said.length * LONGER))}`
}

function accented(text: string): string {
  return text.replaceAll(/[A-Za-z]/g, (letter) => ACCENTED[letter] ?? letter)
}

/** Words of the text itself, so that a line can end between them as it can in the text. */
function filler(said: string, length: number): string {
  const words = `${
    said
      .replaceAll(/[^\p{L}\s]/gu, '')
      .replaceAll(/\s+/g, ' ')
      .trim() || 'ö'
  } `
  return words
    .repeat(Math.ceil(length / words.length))
    .slice(0, length)
    .trim()
}

/** What is no sentence: the names of columns that a list may have. */
const NO_SENTENCES = 'columns'

/** Lets every page of this process that is in English speak the made language, until the test ends. */
export function speakPseudo(t: TestContext): void {
  const { joining, ...others } = texts('en')
  const { [NO_SENTENCES]: columns, ...sentences } = joining
  const undo: (() => void)[] = []
  const seen = new Set<unknown>([columns])
  for (const part of [...Object.values(others), ...Object.values(sentences)]) replaceWithin(part, seen, undo)
  t.after(() => undo.forEach((back) => back()))
}

function replaceWithin(part: unknown, seen: Set<unknown>, undo: (() => void)[]): void {
  if (typeof part !== 'object' || part === null || seen.has(part)) return
  seen.add(part)
  for (const [key, value] of Object.entries(part)) {
    const spoken = spokenIn(value)
    if (spoken === undefined) replaceWithin(value, seen, undo)
    else if (Reflect.set(part, key, spoken)) undo.push(() => Reflect.set(part, key, value))
  }
}

function spokenIn(value: unknown): unknown {
  if (typeof value === 'string') return pseudo(value)
  if (typeof value !== 'function') return undefined
  const spoken = (...facts: unknown[]) => spokenResult(Reflect.apply(value, undefined, facts), facts.flatMap(textsIn))
  return Object.defineProperty(spoken, 'length', { value: value.length })
}

function spokenResult(said: unknown, filledIn: readonly string[]): unknown {
  if (Array.isArray(said)) return said.map((one: unknown) => spokenResult(one, filledIn))
  return typeof said === 'string' ? pseudo(said, filledIn) : said
}

/** The texts that a sentence is given, also as fields of one fact. */
function textsIn(fact: unknown): string[] {
  if (typeof fact === 'string') return fact === '' ? [] : [fact]
  return typeof fact === 'object' && fact !== null ? Object.values(fact).flatMap(textsIn) : []
}

/** Lets the actions of a screen, which find labels and texts in English, find them in the made language. */
export function findByEnglish(page: Page): void {
  const english = new Set(everySentence(texts('en')).map(({ said }) => said))
  translateFinders(page, (text) => (english.has(text) ? pseudo(text) : text))
}

type Finder = (wanted: unknown, options?: { readonly name?: unknown }) => object

function translateFinders(within: object, translate: (text: string) => string): void {
  const spoken = (text: unknown): unknown => (typeof text === 'string' ? translate(text) : text)
  for (const name of ['getByLabel', 'getByText', 'getByRole'] as const) {
    const find = (Reflect.get(within, name) as Finder).bind(within)
    const translated: Finder = (wanted, options) => {
      const found =
        name === 'getByRole'
          ? find(wanted, options && { ...options, name: spoken(options.name) })
          : find(spoken(wanted), options)
      translateFinders(found, translate)
      return found
    }
    Reflect.set(within, name, translated)
  }
}
