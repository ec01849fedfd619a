// Which tests a run covers. `npm test` leaves out those that vary what another test shows; docs/tests.md lists them.
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext, TestOptions } from 'node:test'

/** `quick` is `npm test`, `all` is `npm run test:all`, `rest` is what the second runs and the first does not. */
export type Scope = 'quick' | 'rest' | 'all'

/** The end of the name of each exhaustive test; `--test-name-pattern` selects by it. */
export const EXHAUSTIVE = / \[all\]$/

type Prove = (t: TestContext) => void | Promise<void>

/** A test that only `npm run test:all` runs. A quick run adds its name to the file that TEST_LEFT_OUT names. */
export function exhaustive(claim: string, prove: Prove, options: TestOptions = {}): void {
  if (process.env.TEST_SCOPE !== 'quick') return claimed(`${claim} [all]`, prove, options)
  note(process.env.TEST_LEFT_OUT, claim)
  ascribe(claim)
}

/** A test that a function of test/support makes for a test file. */
export function claimed(name: string, prove: Prove, options: TestOptions = {}): void {
  ascribe(name)
  test(name, options, prove)
}

/** The runner ascribes a test to the file that calls `test`; the file that asked for it is added to what TEST_ASCRIBED names. */
function ascribe(name: string): void {
  const [, file = ''] = /\(?file:\/\/(\S+\.test\.ts)/.exec(new Error().stack ?? '') ?? []
  note(process.env.TEST_ASCRIBED, JSON.stringify([name, file]))
}

function note(path: string | undefined, line: string): void {
  if (path) appendFileSync(path, `${line}\n`)
}
