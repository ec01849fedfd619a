// Suggests similar usernames by edit distance.
const FARTHEST = 2
const MOST_SUGGESTIONS = 3

/** Returns up to three names whose edit distance from the word is at most two, the nearest first. */
export function similarNames(word: string, names: readonly string[]): string[] {
  return names
    .map((name) => ({ name, distance: distanceBetween(word, name) }))
    .filter(({ distance }) => distance <= FARTHEST)
    .toSorted((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_SUGGESTIONS)
    .map(({ name }) => name)
}

/** The edit distance of two texts: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment). */
export function distanceBetween(one: string, other: string): number {
  const a = Array.from(one)
  const b = Array.from(other)
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let line = 1; line <= a.length; line++) {
    const next = [line]
    for (let column = 1; column <= b.length; column++) {
      const same = a[line - 1] === b[column - 1]
      const changed = at(row, column - 1) + (same ? 0 : 1)
      const swapped =
        a[line - 1] === b[column - 2] && a[line - 2] === b[column - 1] ? at(before, column - 2) + 1 : Infinity
      next.push(Math.min(changed, swapped, at(row, column) + 1, at(next, column - 1) + 1))
    }
    before = row
    row = next
  }
  return at(row, b.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity
}
