// The ledger of what the tests of `npm test` cost: how it is written, and when a change has made them too expensive. Pure.

/** Counted because they do not vary from run to run; docs/tests.md says what each kind contains. */
export const KINDS = ['servers', 'processes', 'databases', 'requests', 'pages'] as const
export type Kind = (typeof KINDS)[number]

/** How often the tests of a file do what is counted; a kind that they never do is left out. */
export type Cost = Readonly<Partial<Record<Kind, number>>>

/** Costs by test file, as a path from the project's folder; a file that costs nothing is left out. */
export type Ledger = Readonly<Record<string, Cost>>

/** In percent of the recorded sum. */
const ALLOWED = 120
const NAMED_FILES = 3

export interface Growth {
  readonly kind: Kind
  readonly recorded: number
  readonly counted: number
  /** The files that grew most, with how much they grew. */
  readonly files: readonly (readonly [file: string, more: number])[]
}

function sumOf(ledger: Ledger, kind: Kind): number {
  return Object.values(ledger).reduce((sum, cost) => sum + (cost[kind] ?? 0), 0)
}

/** The kinds whose sum over all files is more than a fifth above the recorded one. */
export function growthOf(recorded: Ledger, counted: Ledger): Growth[] {
  return KINDS.filter((kind) => sumOf(counted, kind) * 100 > sumOf(recorded, kind) * ALLOWED).map((kind) => ({
    kind,
    recorded: sumOf(recorded, kind),
    counted: sumOf(counted, kind),
    files: Object.entries(counted)
      .map(([file, cost]) => [file, (cost[kind] ?? 0) - (recorded[file]?.[kind] ?? 0)] as const)
      .filter(([, more]) => more > 0)
      .toSorted(([, one], [, other]) => other - one)
      .slice(0, NAMED_FILES),
  }))
}

export function sentenceOf({ kind, recorded, counted, files }: Growth): string {
  const most = files.map(([file, more]) => `${file} (${shown(more)} more)`).join(', ')
  return `The tests need ${shown(counted)} ${kind}; test/cost.json records ${shown(recorded)}, and a fifth more is allowed. Most are new in ${most}.`
}

/** One line about all sums, each with its difference from the recorded one. */
export function summaryOf(recorded: Ledger, counted: Ledger): string {
  const sums = KINDS.map((kind) => {
    const sum = sumOf(counted, kind)
    const more = sum - sumOf(recorded, kind)
    return `${shown(sum)} ${kind}${more === 0 ? '' : ` (${more > 0 ? '+' : ''}${shown(more)})`}`
  })
  return `Cost: ${sums.join(', ')}.`
}

/** One line a file, sorted, so that the changes of two branches rarely meet. */
export function textOf(ledger: Ledger): string {
  const files = Object.keys(ledger).toSorted()
  const lines = files.map((file) => `  ${JSON.stringify(file)}: ${textOfCost(ledger[file] ?? {})}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

function textOfCost(cost: Cost): string {
  const counts = KINDS.filter((kind) => cost[kind] !== undefined).map((kind) => `"${kind}": ${cost[kind]}`)
  return `{ ${counts.join(', ')} }`
}

/** The ledger after a run of some of its files: what was recorded of the others stays. */
export function renewed(recorded: Ledger, files: readonly string[], counted: Ledger): Ledger {
  const others = Object.entries(recorded).filter(([file]) => !files.includes(file))
  return { ...Object.fromEntries(others), ...counted }
}

function shown(count: number): string {
  return count.toLocaleString('en')
}
