/**
 * Returns the form in which two spellings of one name are equal: NFKC, lower case, upper case, lower case, NFKC. The upper case makes ß
 * equal to ss and all sigmas equal; the lower case before it makes ẞ equal to ß. NFKC makes full-width and decomposed forms equal. Never
 * throws; a lone surrogate is kept.
 */
export function foldName(text: string): string {
  return text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase().normalize('NFKC')
}
