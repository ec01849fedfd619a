// Generates docs/asvs.md: each requirement of OWASP ASVS 5.0, levels 1 and 2, with the tests that show it or the reason why none does.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const DATA = join(import.meta.dirname, '..', 'docs', 'data')

export interface Requirement {
  readonly id: string
  readonly level: string
  readonly chapter: string
  readonly requirement: string
}

/** `location` is the file of a test or the target of a link; `text` is the title of the test, or a reason. */
export interface Evidence {
  readonly id: string
  readonly kind: 'test' | 'page' | 'not-applicable' | 'open'
  readonly location: string
  readonly text: string
}

interface LeftOut {
  readonly id: string
  readonly level: string
  readonly reason: string
}

/** The requirements of levels 1 and 2, paraphrased. */
export const requirements = (): Requirement[] => readCsv<Requirement>('asvs.csv')

/** What shows each requirement, in the order of the requirements; some have several tests. */
export const evidence = (): Evidence[] => readCsv<Evidence>('asvs-evidence.csv')

/** The requirements of levels 1 and 2 about what Doorward does not have. */
export const leftOut = (): LeftOut[] => readCsv<LeftOut>('asvs-left-out.csv')

/** The text of `docs/asvs.md`. */
export function asvsPage(): string {
  const shown = Map.groupBy(evidence(), ({ id }) => id)
  const of = ({ id }: Requirement): readonly Evidence[] => shown.get(id) ?? []
  const all = requirements()
  const open = all.filter((row) => of(row).some(({ kind }) => kind === 'open'))
  const chapters = Map.groupBy(all, ({ chapter }) => chapter)
  return [
    head(all, open, of),
    ...open.map((row) =>
      line([
        row.id,
        row.level,
        row.requirement,
        of(row)
          .map(({ text }) => text)
          .join(' '),
      ]),
    ),
    ...[...chapters].flatMap(([chapter, rows]) => [
      `\n## ${chapter}\n\n| Requirement | Level | What it asks for | Shown by |\n| --- | --- | --- | --- |\n`,
      ...rows.map((row) => line([row.id, row.level, row.requirement, of(row).map(shownBy).join('<br>')])),
    ]),
    LEFT_OUT_HEAD,
    ...leftOut().map(({ id, level, reason }) => line([id, level, reason])),
  ].join('')
}

function head(
  all: readonly Requirement[],
  open: readonly Requirement[],
  of: (row: Requirement) => readonly Evidence[],
): string {
  const absent = all.filter((row) => of(row).some(({ kind }) => kind === 'not-applicable'))
  const met = all.length - open.length - absent.length
  return `# OWASP ASVS 5.0

The Application Security Verification Standard 5.0 asks for ${all.length} things at levels 1 and 2 that could concern a server such as this
one. ${met} are shown, by tests or, where a document is asked for, by a page. ${absent.length} do not apply, each for a reason. ${open.length} are
[open](#open). Further ones are about what Doorward does not have: [left out](#left-out). The requirements are paraphrased; their
numbers lead to the text of the standard.

This page is made by \`npm run docs\` from the tables in \`docs/data\`. A test fails when a test that this page names is gone.

## Open

| Requirement | Level | What it asks for | What is missing |
| --- | --- | --- | --- |
`
}

const LEFT_OUT_HEAD = `
## Left out

| Requirement | Level | Reason |
| --- | --- | --- |
`

function shownBy({ kind, location, text }: Evidence): string {
  if (kind === 'test') return `[${location.split('/').at(-1)}](../${location}): ${text}`
  if (kind === 'page') return `[${text}](../${location})`
  return kind === 'open' ? '[Open](#open)' : `Does not apply. ${text}`
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
}

/** Reads a file of comma-separated values (RFC 4180) without line breaks in its values, by the names in its first line. */
function readCsv<Row>(name: string): Row[] {
  const [header = '', ...lines] = readFileSync(join(DATA, name), 'utf8').trimEnd().split('\n')
  const columns = cellsOf(header)
  return lines.map((row) => {
    const cells = cellsOf(row)
    return Object.fromEntries(columns.map((column, at) => [column, cells[at] ?? ''])) as Row
  })
}

function cellsOf(row: string): string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  )
}
