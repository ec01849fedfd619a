// Which tests a run covers. `npm test` leaves out those that vary what another test shows; docs/tests.md lists them.
import { appendFileSync } from 'node:fs'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

/** `quick` is `npm test`, `all` is `npm run test:all`, `rest` is what the second runs and the first does not. */
export type Scope = 'quick' | 'rest' | 'all'

/** The end of the name of each exhaustive test; `--test-name-pattern` selects by it. */
export const EXHAUSTIVE = / \[all\]$/

type Prove = (t: TestContext) => void | Promise<void>

/** A test that only `npm run test:all` runs. A quick run adds its name to the file that TEST_LEFT_OUT names. */
export function exhaustive(claim: string, prove: Prove): void {
  if (process.env.TEST_SCOPE !== 'quick') test(`${claim} [all]`, prove)
  else if (process.env.TEST_LEFT_OUT) appendFileSync(process.env.TEST_LEFT_OUT, `${claim}\n`)
}
