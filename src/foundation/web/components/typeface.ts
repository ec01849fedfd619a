// The letters of the typeface of headings, which is a part of Bricolage Grotesque (assets/headings.woff2). The program that makes the file
// and the pages read them here.
import type { Html } from '../html.ts'

/** ASCII, Latin-1 and the punctuation of both languages: 18 KB. */
const LETTERS: readonly string[] = [...range(0x20, 0x7e), ...range(0xa0, 0xff), ...Array.from('–—‘’‚“”„…•·€')]

/** What the file contains a shape for, in one text. */
export const TYPEFACE_LETTERS = LETTERS.join('')

/**
 * Whether the typeface has every letter of the heading. Without one of them the browser would take only that letter from another typeface,
 * so such a heading is shown in the typeface of the text as a whole.
 */
export function isInTypeface(heading: Html | string): boolean {
  const text = heading.toString().replaceAll(/<[^>]*>|\s/g, '')
  return Array.from(text).every((letter) => LETTERS.includes(letter))
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at))
}
