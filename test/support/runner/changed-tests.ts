// The tests of `npm test -- --changed`, and what is printed about them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { changedSince } from './changed-files.ts'
import { type Reached, type Reason, testsReaching } from './changed.ts'

const MOST_NAMED = 6

export interface ChangedTests {
  readonly files: readonly string[]
  /** Lines that say what was chosen and why, and what was left out. */
  readonly report: string
}

/** What is compared: the commit, the changed files, and the tests to choose from. */
interface Compared {
  readonly commit: string
  readonly changed: readonly string[]
  readonly tests: readonly string[]
}

/** The commit of `--changed` or `--changed=COMMIT` among the arguments, or undefined without it. */
export function comparedCommit(args: readonly string[]): string | undefined {
  const given = args.findLast((arg) => /^--changed(?:=|$)/.test(arg))
  return given && (given.slice('--changed='.length) || 'HEAD')
}

/** Returns those of the tests that reach what has changed in the project since the commit, or a sentence where git cannot say that. */
export function changedTests(root: string, tests: readonly string[], commit: string): ChangedTests | string {
  const changed = changedSince(root, commit)
  if (typeof changed === 'string') return changed
  const reached = testsReaching(changed, tests, (file) => textOf(join(root, file)))
  return { files: [...reached.tests.keys()], report: reportOf(reached, { commit, changed, tests }) }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // A removed file, or a path of a comment: it imports nothing.
    return ''
  }
}

export function reportOf(reached: Reached, { commit, changed, tests }: Compared): string {
  if (changed.length === 0) return `Nothing has changed since ${commit}, so no test runs. ${COUNTS}\n`
  if (reached.tests.size === 0)
    return `None of ${counted(tests)} reaches what has changed since ${commit}: ${someOf(changed)}. ${COUNTS}\n`
  const left = tests.length - reached.tests.size
  const numbers = Map.groupBy(reached.tests.values(), (reason) => reason)
  const lines = Object.entries(WHY).flatMap(([reason, why]) => {
    const number = numbers.get(reason as Reason)?.length ?? 0
    return number === 0 ? [] : [`  ${String(number).padStart(4)}  ${why}`]
  })
  return [
    `Changed since ${commit}: ${someOf(changed)}.`,
    `${reached.tests.size} of ${counted(tests)}:`,
    ...lines.map((line) => line.replace('FEATURES', reached.features.join(', '))),
    ...(left === 0 ? [] : [`Left out: ${left} that reach none of these changes. \`npm test\` runs them too.`]),
    ...(reached.unreached.length === 0 ? [] : [`No test of these reaches ${someOf(reached.unreached)}.`]),
    '',
  ].join('\n')
}

const COUNTS =
  'What counts: each file that git names as changed, staged, removed or new. `--changed=main` compares with the point where the branch left main; `npm test` runs all.'

/** In the order of the reasons: what the tests of each have in common. */
const WHY: Readonly<Record<Reason, string>> = {
  everything: 'need what has changed: the packages, the options of the compiler or the runner of the tests',
  itself: 'changed themselves',
  imports: 'import a changed file, directly or not',
  reads: 'read a changed file, or name it',
  feature: 'are named for a feature of it: FEATURES',
  crosses: 'cross all features',
}

function counted({ length }: readonly string[]): string {
  return length === 1 ? '1 test file' : `${length} test files`
}

function someOf(files: readonly string[]): string {
  const more = files.length - MOST_NAMED
  return files.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
