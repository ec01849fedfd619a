// The command line has no contractions, and the sentences of the pages do: those that a command borrows are written out.

const WRITTEN_OUT: readonly (readonly [RegExp, string])[] = [
  [/\b(c)an’t\b/gi, '$1annot'],
  [/\b(w)on’t\b/gi, '$1ill not'],
  [/n’t\b/g, ' not'],
  [/’re\b/g, ' are'],
  [/’ve\b/g, ' have'],
  [/’ll\b/g, ' will'],
  [/\b(it|that|there|what)’s\b/gi, '$1 is'],
]

/** The sentence with *cannot*, *does not* and *they are* instead of *can’t*, *doesn’t* and *they’re*. */
export function writtenOut(sentence: string): string {
  return WRITTEN_OUT.reduce((text, [short, long]) => text.replaceAll(short, long), sentence)
}
