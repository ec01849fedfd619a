// Which tests a run covers. `npm test` leaves out those that vary what another test shows; docs/tests.md lists them.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext, TestOptions } from 'node:test'

/** `quick` is `npm test`, `all` is `npm run test:all`, `rest` is the tests of `all` without those of `quick`. */
export type Scope = 'quick' | 'rest' | 'all'

/** The end of the name of each exhaustive test; `--test-name-pattern` selects by it. */
export const EXHAUSTIVE = / \[all\]$/

type Prove = (t: TestContext) => void | Promise<void>

/** A test that only `npm run test:all` runs. A quick run adds it to the file that TEST_LEFT_OUT names. */
export function exhaustive(claim: string, prove: Prove, options: TestOptions = {}): void {
  if (process.env.TEST_SCOPE === 'quick') note(process.env.TEST_LEFT_OUT, claim)
  else claimed(`${claim} [all]`, prove, options)
}

/**
 * Defines a test on behalf of a test file. The runner ascribes a test to the file that calls `test`, which is one of test/support, so
 * the name is written with that of the test file to the file that TEST_ASCRIBED names.
 */
export function claimed(name: string, prove: Prove, options: TestOptions = {}): void {
  note(process.env.TEST_ASCRIBED, name)
  test(name, options, prove)
}

/** Appends a line with the name of a test and the test file in the call stack. */
function note(path: string | undefined, name: string): void {
  const [, file = ''] = /file:\/\/(\S+\.test\.ts)/.exec(new Error().stack ?? '') ?? []
  if (path) appendFileSync(path, `${JSON.stringify([name, file])}\n`)
}

/** Reads the lines that `note` has written: names of tests with their files. */
export function notedIn(path: string | undefined): [name: string, file: string][] {
  const text = path && existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = text.split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as [string, string])
}
