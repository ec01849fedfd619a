// Runs tests: one PostgreSQL for all of them, then Node's own runner. `npm test` runs the quick ones, `--scope=all` all,
// `--scope=rest` those that `npm test` leaves out, `--scope=foreign` those that need programs npm cannot bring. Further arguments
// are test files, folders, or options of `node --test` in their one-word form (--test-name-pattern=…).
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { join } from 'node:path'

import { unitsOf } from './support/groups.ts'
import { memoryFolder } from './support/memory-folder.ts'
import { startPostgres } from './support/postgres-server.ts'
import type { CountedRun } from './support/count-reporter.ts'
import { EXHAUSTIVE } from './support/scope.ts'
import type { Scope } from './support/scope.ts'

const ROOT = join(import.meta.dirname, '..')
const FOLDERS = ['src', 'test', 'assets', 'bench', 'scripts']
const FOREIGN = 'test/foreign'
/** A guard against hanging only: the longest test takes a twentieth of it on a quiet machine. */
const LONGEST_TEST = 15 * 60_000

interface Wanted {
  readonly scope: Scope | 'foreign'
  readonly options: readonly string[]
  readonly files: readonly string[]
  /** Whether files were named; then each test is printed, and each file has a process of its own. */
  readonly named: boolean
}

process.chdir(ROOT)
process.exitCode = await testRun(wantedBy(process.argv.slice(2)))

function wantedBy(args: readonly string[]): Wanted {
  const options = args.filter((arg) => arg.startsWith('-') && !arg.startsWith('--scope='))
  const names = args.filter((arg) => !arg.startsWith('-'))
  const scope = (args.findLast((arg) => arg.startsWith('--scope='))?.slice('--scope='.length) ??
    'quick') as Wanted['scope']
  const named = names.length > 0
  const files = (named ? names : FOLDERS).flatMap(testFilesIn).filter((file) => belongsTo(scope, file))
  return { scope, options, files, named }
}

/** A folder stands for all tests below it; anything else is left to the runner, which says when it finds nothing. */
function testFilesIn(path: string): string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (isFolder) return globSync(`${path}/**/*.test.ts`).sort()
  return FOLDERS.includes(path) ? [] : [path]
}

function belongsTo(scope: Wanted['scope'], file: string): boolean {
  if (scope === 'foreign' || file.startsWith(FOREIGN)) return scope === 'foreign' && file.startsWith(FOREIGN)
  return scope !== 'rest' || /\b(exhaustive|onEitherDatabase|raceOnEachDatabase)\(/.test(readFileSync(file, 'utf8'))
}

async function testRun(wanted: Wanted): Promise<number> {
  if (wanted.files.length === 0) return fail(['No test file was found.'])
  const { folder, remove } = memoryFolder()
  const own = mkdtempSync(join(folder, 'doorward-run-'))
  const postgres = await startPostgres(folder)
  try {
    const code = await runTests(wanted, { own, databaseUrl: postgres.url, temporary: folder })
    return code === 0 ? verdict(wanted, own) : code
  } finally {
    await postgres.stop()
    rmSync(own, { recursive: true, force: true })
    remove()
  }
}

interface Surroundings {
  /** What the run itself writes. */
  readonly own: string
  readonly databaseUrl: string
  /** Where tests make their temporary files. */
  readonly temporary: string
}

async function runTests(wanted: Wanted, surroundings: Surroundings): Promise<number> {
  const { own } = surroundings
  const reporter = (name: string): string => join(import.meta.dirname, 'support', `${name}-reporter.ts`)
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    `--test-timeout=${LONGEST_TEST}`,
    `--test-reporter=${wanted.named ? 'spec' : reporter('progress')}`,
    '--test-reporter-destination=stdout',
    `--test-reporter=${reporter('count')}`,
    `--test-reporter-destination=${join(own, 'counts.json')}`,
    ...(wanted.scope === 'rest' ? [`--test-name-pattern=${EXHAUSTIVE}`] : []),
  ]
  const units = wanted.named ? wanted.files : unitsOf(wanted.files, own)
  writeFileSync(join(own, 'units.json'), JSON.stringify(units))
  const child = spawn(process.execPath, [...flags, ...wanted.options, ...units], {
    stdio: 'inherit',
    env: environment(wanted, surroundings),
  })
  // Ctrl-C reaches the runner by itself; it ends with its summary, and we stop the server then.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

/** The developer's own settings of the product must not decide what the tests see. */
function environment({ scope }: Wanted, { own, databaseUrl, temporary }: Surroundings): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('DOORWARD_') && name !== 'DATABASE_URL')
  return {
    ...Object.fromEntries(kept),
    DATABASE_TEST_URL: databaseUrl,
    // Stripping types and compiling the same modules anew in each process is a third of the run's work.
    NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.cache', 'tests'),
    TMPDIR: temporary,
    TEST_DISK: tmpdir(),
    TEST_SCOPE: scope,
    TEST_LEFT_OUT: join(own, 'left-out'),
    TEST_ASCRIBED: join(own, 'ascribed'),
    TEST_UNITS: join(own, 'units.json'),
  }
}

/** A run that tested nothing, or left something out without a word, proves nothing. */
function verdict({ files, options }: Wanted, own: string): number {
  const { tests, skipped, files: shown } = JSON.parse(readFileSync(join(own, 'counts.json'), 'utf8')) as CountedRun
  const selects = options.some((option) => option.startsWith('--test-'))
  const ascribed = readFileSync(join(own, 'ascribed'), { encoding: 'utf8', flag: 'a+' })
  const empty = selects ? [] : files.filter((file) => !shown.includes(join(ROOT, file)) && !ascribed.includes(file))
  return fail([
    ...(tests === 0 ? ['No test ran.'] : []),
    ...skipped.map((name) => `Skipped: ${name}`),
    ...empty.map((file) => `Holds no test that ran: ${file}`),
  ])
}

/** Says each fault on stderr; the exit code. */
function fail(faults: string[]): number {
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  return faults.length === 0 ? 0 : 1
}
