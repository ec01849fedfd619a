/**
 * The form in which two spellings of one name are equal: NFKC, lower case, upper case, lower case, NFKC. Through upper
 * case ß meets ss and every sigma meets the others; lower case before it brings ẞ along. NFKC makes full-width and
 * composed forms meet. Never throws; a lone surrogate stays one.
 */
export function foldName(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
}
