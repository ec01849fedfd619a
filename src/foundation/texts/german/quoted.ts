/** A label in a sentence. It comes from the catalogue, so that a label that does not exist does not compile. */
export const quoted = (label: string): string => `„${label}“`
