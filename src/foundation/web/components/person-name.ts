import { withoutTurns } from '../../kernel/writing-direction.ts'
import { html } from '../html.ts'
import type { Html } from '../html.ts'

/** A name, or any text of a person, kept apart from the text around it: one written from right to left turns nothing round. */
export function name(text: string): Html {
  return html`<bdi>${withoutTurns(text)}</bdi>`
}

/** Of a username or one side of an address, this much stays together. */
const LONGEST_WHOLE = 14

/** The same where there may be little room: a long username or address is broken at its points before it is anywhere else. */
export function nameInParts(text: string): Html {
  const sides = withoutTurns(text).split(/(?=@)/u)
  const [first = '', ...more] = sides.flatMap((side) =>
    side.length > LONGEST_WHOLE ? side.split(/(?<=[._-])/u) : [side],
  )
  return html`<bdi>${first}${more.map((part) => html`<wbr />${part}`)}</bdi>`
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
