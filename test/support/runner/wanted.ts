// What the arguments of a test run ask for.
import { globSync, readFileSync } from 'node:fs'

import { changedTests, comparedCommit } from './changed-tests.ts'
import { testsNamed } from './named-tests.ts'
import { coversQuick, hasQuickTest, type Scope } from './scope.ts'

const FOLDERS = ['src', 'test', 'assets', 'scripts']
const FOREIGN = 'test/foreign/'
const SCOPES = ['quick', 'rest', 'all', 'exhaustive', 'foreign'] as const

/** Whether a file with this text has tests of the scope: other files are not even loaded. */
const HAS_TESTS: Partial<Record<Scope, (source: string) => boolean>> = {
  quick: hasQuickTest,
  rest: (source) => /^ *leaveToTestAll\(\)|\btype Tier\b/m.test(source),
  exhaustive: (source) =>
    /import \{[^}]*\b(exhaustive|onEitherDatabase|raceOnEachDatabase|interleaveOnEachDatabase)\b/.test(source),
}

export interface Wanted {
  readonly scope: Scope | 'foreign'
  /** Options of `node --test`. */
  readonly options: readonly string[]
  /** Relative to the project's folder. */
  readonly files: readonly string[]
  /** Whether the arguments name files, or the run watches them; then each test is printed, and each file has its own process. */
  readonly named: boolean
  /** Whether all tests of the scope run. */
  readonly isWhole: boolean
  /** Whether the run goes on until Ctrl-C: a test file runs again when it has changed, or a file that it imports. */
  readonly watches: boolean
  /** What `--changed` chose and why; empty without it. */
  readonly report: string
  /** Whether test/cost.json is renewed. */
  readonly records: boolean
}

/** Returns the wanted run, or a sentence that says why the arguments select no test. Nothing changed is a run without files. */
export function wantedBy(args: readonly string[], root: string): Wanted | string {
  const records = args.includes('--record-cost')
  const options = args.filter((arg) => arg.startsWith('-') && !/^--(?:scope=|record-cost$|changed(?:=|$))/.test(arg))
  const names = args.filter((arg) => !arg.startsWith('-'))
  const commit = comparedCommit(args)
  const scope = scopeOf(args, { options, isNamed: names.length > 0 && commit === undefined && !records })
  if (scope === undefined) return `There is no such scope; there are ${SCOPES.join(', ')}.`
  if (records && (scope !== 'quick' || selectsTests(options)))
    return 'test/cost.json records what whole files cost in npm test: leave out --scope and --test-….'
  // npm starts its scripts in the project's folder, and says in which one it was called.
  const found = names.length > 0 ? testsNamed(names, root, process.env['INIT_CWD']) : allTestFiles()
  if (typeof found === 'string') return found
  const all = found.filter((file) => belongsTo(scope, file))
  if (all.length === 0)
    return found.some(isForeign) ? 'These tests are run by: npm run test:foreign' : 'No test file was found.'
  const chosen = commit === undefined ? { files: all, report: '' } : changedTests(root, all, commit)
  if (typeof chosen === 'string') return chosen
  const watches = options.includes('--watch')
  const named = watches || (names.length > 0 && commit === undefined && !records)
  const isWhole = !watches && names.length === 0 && commit === undefined && !selectsTests(options)
  return { ...chosen, scope, options, named, isWhole, watches, records }
}

function scopeOf(
  args: readonly string[],
  { options, isNamed }: { readonly options: readonly string[]; readonly isNamed: boolean },
): Wanted['scope'] | undefined {
  const usual = isNamed || options.some((option) => option.startsWith('--test-name-pattern')) ? 'all' : 'quick'
  const given = args.findLast((arg) => arg.startsWith('--scope='))?.slice('--scope='.length) ?? usual
  return SCOPES.find((one) => one === given)
}

function allTestFiles(): string[] {
  return FOLDERS.flatMap((folder) => globSync(`${folder}/**/*.test.ts`, { exclude: ['**/node_modules/**'] }).sort())
}

function isForeign(file: string): boolean {
  return file.startsWith(FOREIGN)
}

function belongsTo(scope: Wanted['scope'], file: string): boolean {
  if (scope === 'foreign') return isForeign(file)
  return !isForeign(file) && (HAS_TESTS[scope]?.(readFileSync(file, 'utf8')) ?? true)
}

/** Whether the runner must leave out tests that files define by `test` of node:test, which belong to `npm test`. A pattern that is given selects. */
export function selectsByName({ scope, options }: Pick<Wanted, 'scope' | 'options'>): boolean {
  return scope !== 'foreign' && !coversQuick(scope) && !selectsTests(options)
}

/** Whether the options select some of the tests of a file. */
export function selectsTests(options: readonly string[]): boolean {
  return options.some((option) => /^--test-(?!update-snapshots)/.test(option))
}
