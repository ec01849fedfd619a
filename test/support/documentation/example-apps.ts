// The apps of examples/, which a test starts beside a Doorward of its own.
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { answers, startedProgram } from '../server/started-program.ts'
import { ROOT } from './markdown.ts'

export const folderOf = (name: string): string => join(ROOT, 'examples', name)

/** What an example gets to know at its start. */
export interface ExampleTarget {
  readonly port: string
  readonly env: Readonly<Record<string, string>>
}

/** Runs a program of Node in the folder of an example until the app answers; it is stopped with the test. */
export async function startNode(
  t: TestContext,
  name: string,
  args: readonly string[],
  { port, env }: ExampleTarget,
): Promise<void> {
  await startedProgram(t, [process.execPath, ...args], {
    cwd: folderOf(name),
    env: { PATH: process.env.PATH, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
    stopWith: 'SIGKILL',
    ready: () => answers(`http://localhost:${port}/me`),
  })
}
