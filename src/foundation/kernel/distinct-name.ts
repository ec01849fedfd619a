// The rule for names by which people distinguish things: usernames, and the names of groups and policies. Two of them that look the same on
// a page would be two things that no reader can distinguish. The names of a user's own things follow `isPlainName`.
import { foldName } from './fold.ts'
import type { FieldError } from './refusal.ts'

// Invisible characters that none of the Unicode properties below covers: Ogham space, Braille blank, hieroglyph blanks, Khitan filler,
// null notehead.
const BLANK = '\u1680\u2800\u{13441}\u{13442}\u{16FE4}\u{1D159}'
// Control characters, lone surrogates, line separators, and characters that are invisible or change the writing direction. U+FFFD
// replaces unreadable bytes, so it is not allowed either.
const UNPRINTABLE = new RegExp(
  `[${BLANK}\\uFFFD\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]`,
  'u',
)
/** HTML shows two spaces as one. */
const SPACES = /\p{Zs}{2}/u
/** Zero-width non-joiner and joiner, which Persian and the scripts of India need inside words. */
const JOINERS = /[\u200C\u200D]/g

/** Whether a page shows each character of the text: none is invisible or changes the writing direction, and no two spaces follow each other. */
export function isShownInFull(text: string): boolean {
  return !UNPRINTABLE.test(text) && !SPACES.test(text)
}

/** Whether the name of a group or policy can be distinguished from others: as a username, but joiners may stand in it. */
export function isDistinctName(name: string): boolean {
  return isShownInFull(withoutJoiners(name))
}

/** Returns the text by which such names are compared: folded, without joiners and surrounding blanks. Empty for a name that shows nothing. */
export function distinctNameKey(name: string): string {
  return foldName(withoutJoiners(name).trim()).trim()
}

/** Returns the error of such a name, at `/name`; `charactersCode` is that of a name that shows less than it holds. */
export function errorsInDistinctName(name: string, maximum: number, charactersCode: string): FieldError[] {
  const pointer = '/name'
  if (distinctNameKey(name) === '') return [{ pointer, code: 'field.missing' }]
  if (Array.from(name.normalize('NFC')).length > maximum)
    return [{ pointer, code: 'field.too_long', facts: { maximum } }]
  return isDistinctName(name) ? [] : [{ pointer, code: charactersCode }]
}

function withoutJoiners(name: string): string {
  return name.replaceAll(JOINERS, '')
}
