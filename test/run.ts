// Runs tests: starts one PostgreSQL for all of them, then Node's test runner. `npm test` runs the quick tests, `--scope=all` all,
// `--scope=rest` those that `npm test` leaves out, `--scope=foreign` those that need programs npm cannot install, `--record-cost`
// records in test/cost.json what the quick tests cost. Further arguments are test files, folders, or options of `node --test` in
// their one-word form (--test-name-pattern=…).
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'

import { judgedCosts } from './support/runner/cost-report.ts'
import { unitsOf } from './support/runner/groups.ts'
import { memoryFolder } from './support/runner/memory-folder.ts'
import { ProcessorTime } from './support/runner/processor-time.ts'
import { startPostgres } from './support/databases/postgres-server.ts'
import type { CountedRun } from './support/runner/count-reporter.ts'
import { EXHAUSTIVE } from './support/runner/scope.ts'
import type { Scope } from './support/runner/scope.ts'

const ROOT = join(import.meta.dirname, '..')
const FOLDERS = ['src', 'test', 'assets', 'scripts']
const FOREIGN = 'test/foreign/'
const SCOPES = ['quick', 'rest', 'all', 'foreign'] as const
/** A guard against hanging only: on a quiet machine the longest test takes a tenth of it. */
const LONGEST_TEST = 45 * 60_000
/** One more than cores, since many tests wait for timers and locks. More than that do not make a run quicker, and need more memory. */
const MOST_PROCESSES = 4
/** The time in which the runner may end by itself after Ctrl-C, which a terminal sends to the runner too. */
const ENDS_WITHIN = 2_000

interface Wanted {
  readonly scope: Scope | 'foreign'
  readonly options: readonly string[]
  /** Relative to the project's folder. */
  readonly files: readonly string[]
  /** Whether the arguments name files; then each test is printed, and each file has its own process. */
  readonly named: boolean
  /** Whether test/cost.json is renewed. */
  readonly records: boolean
}

process.chdir(ROOT)
let runner: ChildProcess | undefined
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal))
process.exitCode = await testRun(process.argv.slice(2))

/** Ends the runner, whose end stops all that this process started; before the runner starts, ends at once. */
function stop(signal: NodeJS.Signals): void {
  if (runner === undefined) process.exit(128 + constants.signals[signal])
  if (signal !== 'SIGINT') runner.kill(signal)
  else setTimeout(() => runner?.kill(signal), ENDS_WITHIN).unref()
}

async function testRun(args: readonly string[]): Promise<number> {
  const wanted = wantedBy(args)
  if (typeof wanted === 'string') return fail([wanted])
  const temporary = memoryFolder()
  const own = join(temporary, 'run')
  mkdirSync(own)
  const postgres = await startPostgres(temporary)
  try {
    const time = wanted.named ? undefined : new ProcessorTime()
    const code = await runTests(wanted, { own, databaseUrl: postgres.url, temporary })
    process.stdout.write(time?.sentence(postgres.pid) ?? '')
    return code === 0 ? verdict(wanted, own) : code
  } finally {
    await postgres.stop()
  }
}

/** The wanted run, or a sentence that says why the arguments select no test. */
function wantedBy(args: readonly string[]): Wanted | string {
  const records = args.includes('--record-cost')
  const options = args.filter((arg) => arg.startsWith('-') && !/^--(scope=|record-cost$)/.test(arg))
  const names = args.filter((arg) => !arg.startsWith('-')).map((name) => relative(ROOT, resolve(name)))
  const given = args.findLast((arg) => arg.startsWith('--scope='))?.slice('--scope='.length) ?? 'quick'
  const scope = SCOPES.find((one) => one === given)
  if (scope === undefined) return `There is no scope ${given}; there are ${SCOPES.join(', ')}.`
  if (scope === 'rest' && options.some((option) => option.startsWith('--test-name-pattern')))
    return '--scope=rest selects tests by a pattern of its own.'
  if (records && (scope !== 'quick' || selectsTests(options)))
    return 'test/cost.json records what whole files cost in npm test: leave out --scope and --test-….'
  const named = names.length > 0
  const found = (named ? names : FOLDERS).flatMap(testFilesIn)
  const files = found.filter((file) => belongsTo(scope, file))
  if (files.length > 0) return { scope, options, files, named, records }
  return found.some(isForeign) ? 'These tests are run by: npm run test:foreign' : 'No test file was found.'
}

/** Expands a folder to all test files below it; leaves any other path to the runner, which reports a missing file. */
function testFilesIn(path: string): string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (isFolder) return globSync(`${path}/**/*.test.ts`).sort()
  return FOLDERS.includes(path) ? [] : [path]
}

function isForeign(file: string): boolean {
  return file.startsWith(FOREIGN)
}

/** Only files that import one of four functions of test/support have tests of the scope `rest`. */
function belongsTo(scope: Wanted['scope'], file: string): boolean {
  if (scope === 'foreign' || isForeign(file)) return scope === 'foreign' && isForeign(file)
  return (
    scope !== 'rest' ||
    /import \{[^}]*\b(exhaustive|onEitherDatabase|raceOnEachDatabase|interleaveOnEachDatabase)\b/.test(
      readFileSync(file, 'utf8'),
    )
  )
}

interface Surroundings {
  /** The folder of the run's own files. */
  readonly own: string
  readonly databaseUrl: string
  /** The folder for the temporary files of tests. */
  readonly temporary: string
}

async function runTests(wanted: Wanted, surroundings: Surroundings): Promise<number> {
  const { own } = surroundings
  const reporter = (name: string): string => join(import.meta.dirname, 'support', 'runner', `${name}-reporter.ts`)
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${Math.min(MOST_PROCESSES, availableParallelism() + 1)}`,
    `--test-timeout=${LONGEST_TEST}`,
    `--test-reporter=${wanted.named ? 'spec' : reporter('progress')}`,
    '--test-reporter-destination=stdout',
    `--test-reporter=${reporter('count')}`,
    `--test-reporter-destination=${join(own, 'counts.json')}`,
    ...(wanted.scope === 'rest' ? [`--test-name-pattern=${EXHAUSTIVE}`] : []),
  ]
  const units =
    wanted.named && !wanted.records
      ? wanted.files
      : unitsOf(wanted.files, own, wanted.scope === 'foreign' ? 'all' : wanted.scope)
  writeFileSync(join(own, 'units.json'), JSON.stringify(units))
  runner = spawn(process.execPath, [...flags, ...wanted.options, ...units], {
    stdio: 'inherit',
    env: environment(wanted, surroundings),
  })
  const [code, signal] = (await once(runner, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

/** The environment without the developer's own settings of the product, and without CI: no test may depend on them. */
function environment({ scope }: Wanted, { own, databaseUrl, temporary }: Surroundings): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(DOORWARD_.*|DATABASE_URL|CI)$/.test(name))
  return {
    ...Object.fromEntries(kept),
    DATABASE_TEST_URL: databaseUrl,
    // Without the cache, stripping types and compiling the same modules in each process takes a third of the run's work.
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'tests'),
    TMPDIR: temporary,
    TEST_DISK: tmpdir(),
    TEST_SCOPE: scope,
    TEST_LEFT_OUT: join(own, 'left-out'),
    TEST_ASCRIBED: join(own, 'ascribed'),
    TEST_UNITS: join(own, 'units.json'),
    TEST_COSTS: join(own, 'costs'),
  }
}

/** Fails a run without tests, with skipped tests, with files of which no test ran, or in CI with tests that became expensive. */
function verdict({ scope, files, options, named, records }: Wanted, own: string): number {
  const { tests, skipped, files: shown } = JSON.parse(readFileSync(join(own, 'counts.json'), 'utf8')) as CountedRun
  const selects = selectsTests(options)
  const leftOut = scope === 'quick' ? readFileSync(join(own, 'left-out'), { encoding: 'utf8', flag: 'a+' }) : ''
  const hasRun = (file: string): boolean => shown.includes(join(ROOT, file)) || leftOut.includes(`/${file}"]`)
  const faults = [
    ...(tests === 0 ? ['No test ran.'] : []),
    ...skipped.map((name) => `Skipped: ${name}`),
    ...(selects ? [] : files.filter((file) => !hasRun(file)).map((file) => `Holds no test that ran: ${file}`)),
  ]
  if (faults.length > 0) return fail(faults)
  const isWhole = scope === 'quick' && !named && !selects
  const costs = judgedCosts({ files, isWhole, records, noted: join(own, 'costs') })
  process.stdout.write(costs.said)
  return fail(costs.faults)
}

function selectsTests(options: readonly string[]): boolean {
  return options.some((option) => option.startsWith('--test-'))
}

/** Prints each fault on stderr; returns the exit code. */
function fail(faults: readonly string[]): number {
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  return faults.length === 0 ? 0 : 1
}
