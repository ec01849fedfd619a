/**
 * Embeddings, overrides, isolates and what ends them (Unicode UAX #9 §2.1–2.5). In a name they turn the writing around it, and
 * U+2069 ends from inside whatever holds the name apart. A mark such as U+200F turns nothing but its neighbours.
 */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/u

/** Whether the text holds a character that turns the writing around. */
export function turnsWriting(text: string): boolean {
  return TURNS.test(text)
}

/** The text as it can be shown among other text: each such character, as in names that were taken over, shows as U+FFFD. */
export function withoutTurns(text: string): string {
  return text.replaceAll(new RegExp(TURNS, 'gu'), '\u{FFFD}')
}
