import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { type Html, html } from '../html.ts'

export interface AvatarPerson {
  readonly subject: string
  readonly username: string
  readonly fullName?: string | null | undefined
}

/** `waits`: invited, with a dashed edge. `off`: disabled, without a colour. */
export type AvatarState = 'waits' | 'off'
export type AvatarSize = 'small' | 'large'

const HUES = 8

/** The initials of a user on a colour that follows from the subject, so that it stays when the user is renamed. Decoration beside the name. */
export function avatar(
  person: AvatarPerson,
  { state, size }: { state?: AvatarState | undefined; size?: AvatarSize } = {},
): Html {
  const kinds = [`hue-${hueOf(person.subject)}`, state, size].filter((kind) => kind !== undefined)
  return html`<bdi class="avatar ${kinds.join(' ')}" aria-hidden="true">${initialsOf(person)}</bdi>`
}

/** A user in a line of text: the face, and beside it the name or a link with it. */
export function face(person: AvatarPerson, named: Html, state?: AvatarState): Html {
  return html`<span class="face">${avatar(person, { state, size: 'small' })}${named}</span>`
}

/** The same with a line below the name, which begins where the name does. */
export function faceWithLine(person: AvatarPerson, named: Html, line: Html | string): Html {
  return html`<div class="asked">
    ${avatar(person, { size: 'small' })}
    <div>
      <div>${named}</div>
      <div class="small">${line}</div>
    </div>
  </div>`
}

/** The first byte of the subject, a UUID in hexadecimal digits, modulo the number of colours. */
export function hueOf(subject: string): number {
  return (Number.parseInt(subject.slice(0, 2), 16) || 0) % HUES
}

/** The first letters of the first and the last word of the full name, else of the username; a letter is a grapheme (UAX #29). */
export function initialsOf({ username, fullName }: AvatarPerson): string {
  const words = withoutTurns(fullName ?? '')
    .split(/\s+/u)
    .filter(Boolean)
  const chosen = words.length > 1 ? [words[0], words.at(-1)] : [words[0] ?? withoutTurns(username)]
  return chosen.map((word) => firstLetter(word ?? '')).join('')
}

function firstLetter(word: string): string {
  // Made here, because the first one takes 9 ms, which each start would wait for.
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(word)
  return first?.segment.toUpperCase() ?? ''
}
