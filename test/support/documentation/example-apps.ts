// The apps of examples/: each is started beside a Doorward of its own and asked who a request comes from.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { PASSWORD } from '../people/people.ts'
import { freePort } from '../server/ports.ts'
import { openTerminal, setUp, startShown } from './fresh-clone.ts'
import { ROOT } from './markdown.ts'

/** Guards against hanging only. */
const STARTS_WITHIN = 120_000

export const folderOf = (name: string): string => join(ROOT, 'examples', name)

/** What an example gets to know at its start. */
export interface ExampleTarget {
  readonly port: string
  readonly env: { readonly DOORWARD: string; readonly PORT: string }
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

/** Runs a program of Node in the folder of an example until the app answers; it is killed with the test. */
export async function startNode(
  t: TestContext,
  name: string,
  args: readonly string[],
  { port, env }: ExampleTarget,
): Promise<void> {
  const child = spawn(process.execPath, args, {
    cwd: folderOf(name),
    env: { PATH: process.env.PATH, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()))
  const ended = once(child, 'close')
  const kill = (): unknown => child.kill('SIGKILL')
  process.once('exit', kill)
  t.after(async () => {
    kill()
    await ended
    process.off('exit', kill)
  })
  const late = performance.now() + STARTS_WITHIN
  while (!(await answers(`http://localhost:${port}/me`))) {
    assert.equal(child.exitCode, null, said)
    assert.ok(performance.now() < late, `it did not answer:\n${said}`)
    await sleep(20)
  }
}

/** Whether the app answers at all. */
export async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  )
}
