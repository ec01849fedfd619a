import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { type Html, html } from '../html.ts'

/** Isolates a name, or any text of a user, from the text around it, so that right-to-left writing does not reorder the page. */
export function name(text: string): Html {
  return html`<bdi>${withoutTurns(text)}</bdi>`
}

/** A private-use character (Unicode §23.5), so that no sentence of the catalogue contains it. */
const MARK = '\u{F0000}'
const PLACEHOLDER = /\u{F0000}(\d+)\u{F0000}/u

/** A sentence of the catalogue with users' names, each isolated from the words and from the other names. */
export function withNames(sentence: (...names: string[]) => string, ...names: readonly string[]): Html {
  return withMarkup(sentence, ...names.map(name))
}

/** A sentence of the catalogue with markup for its parameters, such as a date in bold. */
export function withMarkup(sentence: (...parts: string[]) => string, ...parts: readonly Html[]): Html {
  const placeholders = parts.map((_, index) => `${MARK}${index}${MARK}`)
  // `split` with a group keeps the number of each parameter between two parts of words.
  const pieces = sentence(...placeholders).split(PLACEHOLDER)
  return html`${pieces.map((piece, index) => (index % 2 === 0 ? html`${piece}` : html`${parts[Number(piece)]}`))}`
}
