/**
 * Returns a text that every database can compare: NUL and lone surrogates, which no stored text contains, become U+FFFD. PostgreSQL fails on
 * NUL, and a look-up of what was typed into a URL or a form must not fail.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
