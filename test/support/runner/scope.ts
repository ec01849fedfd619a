// Which tests a run covers. `npm test` leaves out those that vary what another test shows; docs/tests.md lists them.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext, TestOptions } from 'node:test'

/** `quick` is `npm test`, `all` is `npm run test:all`, `rest` is what the second runs and the first does not. */
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
 * A test that a function of test/support makes for a test file. The runner ascribes it to the file that calls `test`, so it is added
 * with the file that asked for it to the file that TEST_ASCRIBED names.
 */
export function claimed(name: string, prove: Prove, options: TestOptions = {}): void {
  note(process.env.TEST_ASCRIBED, name)
  test(name, options, prove)
}

/** Adds a line with the name of a test and the file that the call comes from. */
function note(path: string | undefined, name: string): void {
  const [, file = ''] = /file:\/\/(\S+\.test\.ts)/.exec(new Error().stack ?? '') ?? []
  if (path) appendFileSync(path, `${JSON.stringify([name, file])}\n`)
}

/** What `note` has written: names of tests with their files. */
export function notedIn(path: string | undefined): [name: string, file: string][] {
  const text = path && existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = text.split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as [string, string])
}
