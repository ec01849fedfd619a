// `npm test`: one PostgreSQL for all test files, then Node's own runner. Arguments are test files, folders, patterns, or options of
// `node --test` in their one-word form (--test-name-pattern=…); without a file, all tests run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CountedRun } from './support/count-reporter.ts'
import { startPostgres } from './support/postgres-server.ts'

const shelves = ['src', 'test', 'assets', 'bench', 'scripts']
const longestTest = 180_000

process.chdir(join(import.meta.dirname, '..'))
process.exitCode = await testRun(process.argv.slice(2))

async function testRun(args: string[]): Promise<number> {
  const options = args.filter((arg) => arg.startsWith('-'))
  const named = args.filter((arg) => !arg.startsWith('-'))
  const files = (named.length === 0 ? shelves : named).flatMap(testFilesIn)
  if (files.length === 0) return fail(['No test file was found.'])
  const folder = mkdtempSync(join(tmpdir(), 'doorward-run-'))
  const postgres = await startPostgres()
  try {
    const code = await runTests([...options, ...files], postgres.url, join(folder, 'counts.json'))
    return code === 0 ? verdict(join(folder, 'counts.json')) : code
  } finally {
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A folder stands for all tests below it; anything else is left to the runner, which says when it finds nothing. */
function testFilesIn(path: string): string[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (isFolder) return globSync(`${path}/**/*.test.ts`).sort()
  return shelves.includes(path) ? [] : [path]
}

async function runTests(args: string[], databaseUrl: string, countsFile: string): Promise<number> {
  const flags = [
    '--disable-warning=ExperimentalWarning',
    '--test',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    `--test-timeout=${longestTest}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${join(import.meta.dirname, 'support', 'count-reporter.ts')}`,
    `--test-reporter-destination=${countsFile}`,
  ]
  const child = spawn(process.execPath, [...flags, ...args], { stdio: 'inherit', env: environment(databaseUrl) })
  // Ctrl-C reaches the runner by itself; it ends with its summary, and we stop the server then.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

/** The developer's own settings of the product must not decide what the tests see. */
function environment(databaseUrl: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('DOORWARD_') && name !== 'DATABASE_URL')
  return { ...Object.fromEntries(own), DATABASE_TEST_URL: databaseUrl }
}

/** A run that tested nothing, or left something out, proves nothing. */
function verdict(countsFile: string): number {
  const { tests, leftOut, empty } = JSON.parse(readFileSync(countsFile, 'utf8')) as CountedRun
  return fail([
    ...(tests === 0 ? ['No test ran.'] : []),
    ...leftOut.map((name) => `Left out: ${name}`),
    ...empty.map((file) => `Holds no test that ran: ${file}`),
  ])
}

/** Says each fault on stderr; the exit code. */
function fail(faults: string[]): number {
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  return faults.length === 0 ? 0 : 1
}
