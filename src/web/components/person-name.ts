import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** A name as it is written, kept apart from the text around it: one written from right to left turns nothing round. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`
}

/** For private use (Unicode §23.5), so no sentence of ours holds it. */
const MARK = '\u{F0000}'
const PLACE = /\u{F0000}(\d+)\u{F0000}/u

/** A sentence of the catalogue with people's names in it, each kept apart from the words and from the other names. */
export function withNames(sentence: (...names: string[]) => string, ...names: readonly string[]): Html {
  const places = names.map((_, index) => `${MARK}${index}${MARK}`)
  // Between two parts that are words, `split` keeps the number of the name that stands there.
  const parts = sentence(...places).split(PLACE)
  return html`${parts.map((part, index) => (index % 2 === 0 ? html`${part}` : name(names[Number(part)] ?? '')))}`
}
