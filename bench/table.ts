// Formats the results as Markdown.
import type { Bound } from './bounds.ts'
import type { Contestant } from './contestant.ts'
import { median, quantile } from './load.ts'

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
