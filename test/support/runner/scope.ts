// Which command runs a test. docs/tests.md says what each command is for, and what was left to the longer ones.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { test as nodeTest, type TestContext, type TestOptions } from 'node:test'

/** The first command that runs a test: `npm test`, `npm run test:all`, `npm run test:exhaustive`. */
export type Tier = 'quick' | 'all' | 'exhaustive'

/** What a run covers. `rest` is what `npm run test:all` has in addition to `npm test`. */
export type Scope = 'quick' | 'rest' | 'all' | 'exhaustive'

const TIERS: readonly Tier[] = ['quick', 'all', 'exhaustive']
const COVERED: Readonly<Record<Scope, readonly Tier[]>> = {
  quick: ['quick'],
  rest: ['all'],
  all: ['quick', 'all'],
  exhaustive: ['exhaustive'],
}

/** The end of the name of each test that `npm test` leaves out; `--test-name-pattern` selects by it. */
export const LEFT_OUT = / \[(?:all|exhaustive)\]$/

/** The end of the name of each exhaustive test. */
export const EXHAUSTIVE = / \[exhaustive\]$/

/** Whether a run includes `npm test`, and with it the tests that are defined by `test` of node:test. */
export function coversQuick(scope: Scope): boolean {
  return COVERED[scope].includes('quick')
}

/** The functions that define a test that is not exhaustive. */
const DEFINES =
  /^ *(?:test|triedInTurn|onEachDatabase|onEitherDatabase|onBothEngines|onEachVariant|raceOnEachDatabase|interleaveOnEachDatabase)\(/m

/** Whether `npm test` runs a test of the file with this text. */
export function hasQuickTest(source: string): boolean {
  const [quickPart = ''] = source.split(/^ *leaveToTestAll\(\)$/m)
  return DEFINES.test(quickPart)
}

type Prove = (t: TestContext) => void | Promise<void>

/** The test files whose further tests are left to `npm run test:all`. */
const leaving = new Set<string>()

/**
 * Leaves the tests that the calling file defines from here on to `npm run test:all`. Above it stands what `npm test` runs: the one story of
 * a feature, or the one attempt of an attack, that shows most.
 */
export function leaveToTestAll(): void {
  leaving.add(callingFile())
}

/** Defines a test as `test` of node:test does, for files in which `leaveToTestAll` stands. */
export function test(name: string, ...rest: [Prove] | [TestOptions, Prove]): void {
  const [options, prove] = rest.length === 1 ? [{}, rest[0]] : rest
  claimed(name, prove, { options })
}

/** A test that only `npm run test:exhaustive` runs, since it varies what another one shows. */
export function exhaustive(claim: string, prove: Prove, options: TestOptions = {}): void {
  claimed(claim, prove, { options, tier: 'exhaustive' })
}

/**
 * Defines a test on behalf of a test file, if the run covers it. The runner ascribes a test to the file that calls `test` of node:test, which
 * is this one, so the name is written with that of the test file to the file that TEST_ASCRIBED names; or, if the test is left out, to the
 * one that TEST_LEFT_OUT names.
 */
export function claimed(
  claim: string,
  prove: Prove,
  { tier = 'quick', options = {} }: { readonly tier?: Tier; readonly options?: TestOptions } = {},
): void {
  const file = callingFile()
  const latest = tier === 'quick' && leaving.has(file) ? 'all' : tier
  const name = latest === 'quick' ? claim : `${claim} [${latest}]`
  if (!coveredTiers().includes(latest)) return note(process.env.TEST_LEFT_OUT, [name, file])
  note(process.env.TEST_ASCRIBED, [name, file])
  nodeTest(name, options, prove)
}

/** Without a runner (`node --test FILE`), all tests. */
function coveredTiers(): readonly Tier[] {
  return COVERED[process.env.TEST_SCOPE as Scope] ?? TIERS
}

/** The test file in the call stack. */
function callingFile(): string {
  const [, file = ''] = /file:\/\/(\S+\.test\.ts)/.exec(new Error().stack ?? '') ?? []
  return file
}

type Noted = [name: string, file: string]

function note(path: string | undefined, noted: Noted): void {
  if (path) appendFileSync(path, `${JSON.stringify(noted)}\n`)
}

/** Reads the lines that `note` has written. */
export function notedIn(path: string | undefined): Noted[] {
  const text = path && existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = text.split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Noted)
}
