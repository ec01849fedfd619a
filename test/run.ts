// Runs tests: starts one PostgreSQL for all of them, then Node's test runner. `--scope` names what runs (docs/tests.md): `quick` is `npm test`,
// `all` is `npm run test:all`, `rest` what that has in addition to `npm test`, `exhaustive` what varies those, `foreign` what needs
// programs that npm cannot install. `--record-cost` records in test/cost.json what the quick tests cost. Further arguments are test files,
// folders, `--changed` or `--changed=COMMIT`, or options of `node --test` in their one-word form (--test-name-pattern=…, --watch).
// Of named files, and by name, all but the exhaustive tests run.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { startPostgres } from './support/databases/postgres-server.ts'
import { checkedCosts } from './support/runner/cost-report.ts'
import type { CountedRun } from './support/runner/count-reporter.ts'
import { unitsOf } from './support/runner/groups.ts'
import { memoryFolder } from './support/runner/memory-folder.ts'
import { ProcessorTime } from './support/runner/processor-time.ts'
import { LEFT_OUT, notedIn } from './support/runner/scope.ts'
import { selectsByName, selectsTests, type Wanted, wantedBy } from './support/runner/wanted.ts'

const ROOT = join(import.meta.dirname, '..')
/** A guard against hanging only: on a quiet machine the longest test takes a tenth of it. */
const LONGEST_TEST = 45 * 60_000
/** One more than cores, since many tests wait for timers and locks. More than that do not make a run quicker, and need more memory. */
const MOST_PROCESSES = 4
/** The time in which the runner may end by itself after Ctrl-C, which a terminal sends to the runner too. */
const ENDS_WITHIN = 2_000

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
  const wanted = wantedBy(args, ROOT)
  if (typeof wanted === 'string') return fail([wanted])
  process.stdout.write(wanted.report)
  if (wanted.files.length === 0) return 0
  const temporary = memoryFolder()
  const own = join(temporary, 'run')
  mkdirSync(own)
  const postgres = await startPostgres(temporary)
  try {
    const time = wanted.named || wanted.scope === 'foreign' ? undefined : new ProcessorTime()
    const code = await runTests(wanted, { own, databaseUrl: postgres.url, temporary })
    process.stdout.write(time?.sentence(postgres.pid) ?? '')
    return code === 0 && !wanted.watches ? verdict(wanted, own) : code
  } finally {
    await postgres.stop()
  }
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
  const reporter = (name: string): string => runnerFile(`${name}-reporter`)
  const flags = [
    '--disable-warning=ExperimentalWarning',
    // Tests make many short-lived objects: with less room, or with room that grows slowly, a sixth of the time is collecting them.
    '--min-semi-space-size=64',
    '--max-semi-space-size=64',
    ...['untracked-promises', 'rsa-key-pairs'].map((name) => `--import=${pathToFileURL(runnerFile(name)).href}`),
    '--test',
    `--test-concurrency=${Math.min(MOST_PROCESSES, availableParallelism() + 1)}`,
    `--test-timeout=${LONGEST_TEST}`,
    `--test-reporter=${wanted.named ? 'spec' : reporter('progress')}`,
    '--test-reporter-destination=stdout',
    `--test-reporter=${reporter('count')}`,
    `--test-reporter-destination=${join(own, 'counts.json')}`,
    ...(selectsByName(wanted) ? [`--test-name-pattern=${LEFT_OUT}`] : []),
  ]
  const units = wanted.named
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

function runnerFile(name: string): string {
  return join(import.meta.dirname, 'support', 'runner', `${name}.ts`)
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
    TEST_KEY_PAIRS: own,
  }
}

/** Fails a run without tests, with skipped tests, with files of which no test ran, or in CI with tests that became expensive. */
function verdict({ scope, files, options, isWhole, records }: Wanted, own: string): number {
  const { tests, skipped, files: shown } = JSON.parse(readFileSync(join(own, 'counts.json'), 'utf8')) as CountedRun
  const selects = selectsTests(options)
  const leftOut = notedIn(join(own, 'left-out'))
  const isKnown = (file: string): boolean =>
    shown.includes(join(ROOT, file)) || leftOut.some(([, other]) => other === join(ROOT, file))
  const faults = [
    ...(tests === 0 ? ['No test ran.', ...laterTests(scope, leftOut.length)] : []),
    ...skipped.map((name) => `Skipped: ${name}`),
    ...(selects ? [] : files.filter((file) => !isKnown(file)).map((file) => `Holds no test that ran: ${file}`)),
  ]
  if (faults.length > 0) return fail(faults)
  const costs = checkedCosts({ files, isWhole: scope === 'quick' && isWhole, records, noted: join(own, 'costs') })
  process.stdout.write(costs.said)
  return fail(costs.faults)
}

function laterTests(scope: Wanted['scope'], leftOut: number): string[] {
  return scope === 'all' && leftOut > 0 ? ['Its tests are run by: npm run test:exhaustive'] : []
}

/** Prints each fault on stderr; returns the exit code. */
function fail(faults: readonly string[]): number {
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  return faults.length === 0 ? 0 : 1
}
