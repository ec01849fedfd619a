// The apps of examples/: each is started beside a Doorward of its own and asked who a request comes from.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { PASSWORD } from '../people/people.ts'
import { freePort } from '../server/ports.ts'
import { answers, startedProgram } from '../server/started-program.ts'
import { openTerminal, setUp, startShown } from './fresh-clone.ts'
import { ROOT } from './markdown.ts'

export const folderOf = (name: string): string => join(ROOT, 'examples', name)

/** What an example gets to know at its start. */
export interface ExampleTarget {
  readonly port: string
  readonly env: Readonly<Record<string, string>>
}

/** Shows that the app knows the user of a session, and refuses requests without one and after the sign-out. */
export async function showsWhoAsks(t: TestContext, start: (target: ExampleTarget) => Promise<unknown>): Promise<void> {
  const doorward = await startShown(t, 'npm start', await openTerminal(t))
  const { token } = await setUp(doorward, 'ada', PASSWORD)
  const port = String(await freePort())
  await start({ port, env: { DOORWARD: doorward.url, PORT: port } })
  const headers = { authorization: `Bearer ${token}` }
  const ask = async (sent = {}): Promise<[status: number, body: unknown]> => {
    const answer = await fetch(`http://localhost:${port}/me`, { headers: sent })
    if (answer.status === 401) assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    return [answer.status, await answer.json()]
  }
  assert.deepEqual(await ask(headers), [200, { username: 'ada' }])
  assert.equal((await ask())[0], 401)
  assert.equal((await ask({ authorization: 'Bearer dwa_none' }))[0], 401)
  const left = await fetch(`${doorward.url}/session`, { method: 'DELETE', headers })
  assert.ok(left.ok, `${left.status}`)
  assert.equal((await ask(headers))[0], 401)
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
