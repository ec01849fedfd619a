// The bounds of the product, and the results beside them as Markdown.
import type { Contestant } from './contestant.ts'
import { median, quantile } from './load.ts'

/** A bound of the product. Each figure is a ratio within one run or a size, so that it is comparable between machines. */
interface Bound {
  readonly what: string
  readonly target: number
  readonly better: 'more' | 'less'
}

export const BOUNDS = {
  signInsOfRaw: {
    what: 'sign-ins a second with second factor ÷ raw argon2id on the same cores',
    target: 0.75,
    better: 'more',
  },
  signInsOfPeer: { what: 'sign-ins a second with second factor ÷ Better Auth', target: 5, better: 'more' },
  whoAmIOfFloor: { what: 'who am I a second ÷ floor', target: 0.5, better: 'more' },
  whoAmIOfPeer: { what: 'who am I a second ÷ Better Auth', target: 9, better: 'more' },
  storm: { what: 'who am I p95 in a sign-in storm ÷ one raw hash', target: 1, better: 'less' },
  coldStart: { what: 'cold start ÷ floor', target: 1.5, better: 'less' },
  idle: { what: 'memory idle, MiB', target: 120, better: 'less' },
  loaded: { what: 'memory after the load, MiB', target: 180, better: 'less' },
  postgres: { what: 'who am I on PostgreSQL a second ÷ raw `pg` look-ups', target: 0.6, better: 'more' },
} as const satisfies Readonly<Record<string, Bound>>

export interface Row extends Bound {
  readonly measured: number
  /** The absolute figures behind it, which are meaningful on this machine only. */
  readonly note: string
}

/** Each figure beside its bound; a missed bound is marked. */
export function boundsTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, measured, target, better, note }) => {
    const met = better === 'more' ? measured >= target : measured <= target
    return [what, rounded(measured), `${better === 'more' ? '≥' : '≤'} ${target}`, met ? 'met' : '**missed**', note]
  })
  return markdown(['What', 'Measured', 'Bound', '', 'Figures of this run'], lines)
}

/** The results of each contestant as medians. */
export function comparisonTable(contestants: readonly Contestant[]): string {
  const line = (what: string, figure: (one: Contestant) => number): string[] => [
    what,
    ...contestants.map((one) => rounded(figure(one))),
  ]
  return markdown(
    ['', ...contestants.map(({ name }) => name)],
    [
      line('Sign-ins a second with second factor', ({ signIns }) => median(signIns)),
      line('Commits for each of them', ({ commits }) => median(commits)),
      line('Who am I a second', ({ whoAmI }) => median(whoAmI)),
      line('Who am I p95 in a sign-in storm, ms', ({ storm }) => quantile(storm, 0.95)),
      line('Cold start, ms', ({ starts }) => median(starts)),
      line('Memory idle, MiB', ({ idle }) => Math.max(...idle)),
      line('Memory after the load, MiB', ({ loaded }) => Math.max(...loaded)),
    ],
  )
}

const TABLE = /(?<=<!-- bench -->\n).*(?=<!-- \/bench -->)/s

/** Replaces the tables between the markers of the page. Throws if the page has no markers. */
export function withTables(page: string, tables: string): string {
  if (!TABLE.test(page)) throw new Error('The page has no place for the tables: <!-- bench --> … <!-- /bench -->')
  return page.replace(TABLE, () => `${tables}\n`)
}

function markdown(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const cells = [head, head.map(() => '---'), ...lines]
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function rounded(value: number): string {
  return value >= 10 ? value.toFixed(0) : value.toFixed(2)
}
