// The rule for names that users give: to authenticator apps, passkeys, API tokens, and themselves.

/** Maximum length in code points. */
export const GIVEN_NAME_MAXIMUM = 64

/**
 * Bidirectional embeddings, overrides, isolates and their terminators (Unicode UAX #9 §2.1–2.5). In a name they reorder the text around it,
 * and U+2069 ends the isolation of the name from within. A mark such as U+200F affects its neighbours only.
 */
const TURNS = /[\u202A-\u202E\u2066-\u2069]/gu

/** Whether a name can be shown in a line of a page, a log or a terminal without changing the text around it. */
export function isPlainName(name: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) && withoutTurns(name) === name
}

/** The text with each character that reorders the text around it replaced by U+FFFD; names of a legacy database may contain them. */
export function withoutTurns(text: string): string {
  return text.replaceAll(TURNS, '\u{FFFD}')
}
