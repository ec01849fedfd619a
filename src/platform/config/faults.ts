/** One setting that cannot be used, in words for the person who wrote it. */
export interface ConfigFault {
  /** The setting as the file spells it, such as `public_url`. */
  readonly key: string
  /** Where it was found, such as `--port`, `DOORWARD_PORT` or `/etc/doorward/config.toml`. */
  readonly source: string
  /** What stood there; for a secret only that something did. */
  readonly found: string
  readonly wanted: string
}

/** Everything wrong with the configuration, at once. */
export class ConfigFaults extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(['The configuration cannot be used:', ...faults.map(sentenceOf)].join('\n'))
    this.name = 'ConfigFaults'
    this.faults = faults
  }
}

function sentenceOf({ key, source, found, wanted }: ConfigFault): string {
  return `  ${key} (${source}): found ${found}; wanted ${wanted}.`
}

const LONGEST_QUOTE = 80

/** A text as a fault shows it: quoted, cut, control characters escaped, and without the name and password of an address. */
export function quoted(text: string): string {
  const open = text.replaceAll(/\/\/[^/\s]*@/g, '//[hidden]@')
  return JSON.stringify(open.length > LONGEST_QUOTE ? `${open.slice(0, LONGEST_QUOTE)}…` : open)
}

/** The candidate that needs the fewest changed letters, when that is few enough for a slip of the keyboard. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const most = Math.max(2, Math.floor(name.length / 4))
  return candidates
    .map((candidate) => ({ candidate, changes: changesBetween(name, candidate) }))
    .filter(({ changes }) => changes <= most)
    .sort((one, other) => one.changes - other.changes)[0]?.candidate
}

/** Letters to insert, delete or replace to get from one word to the other. */
function changesBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1]
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (other[column - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
