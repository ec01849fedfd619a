/**
 * Bidirectional embeddings, overrides, isolates and their terminators (Unicode UAX #9 §2.1–2.5). In a name they reorder the text around it,
 * and U+2069 ends the isolation of the name from within. A mark such as U+200F affects its neighbours only.
 */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/u

/** Whether the text contains a character that reorders the text around it. */
export function turnsWriting(text: string): boolean {
  return TURNS.test(text)
}

/**
 * The text with each such character replaced by U+FFFD, so that it can be shown beside other text; names of a legacy database may contain
 * them.
 */
export function withoutTurns(text: string): string {
  return text.replaceAll(new RegExp(TURNS, 'gu'), '\u{FFFD}')
}
