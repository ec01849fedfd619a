// A supervisor and a terminal stop `npm start`: npm and a shell stand between the signal and the server.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import type { TestContext } from 'node:test'

import { freePort, temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const ROOT = join(import.meta.dirname, '..', '..')

interface Started {
  readonly npm: ChildProcess
  readonly port: number
  readonly said: () => string
}

/** npm leads its own process group, as in a terminal. */
async function npmStart(t: TestContext): Promise<Started> {
  const port = await freePort()
  const flags = ['--port', String(port), '--data-dir', await temporaryFolder(t)]
  const npm = spawn('npm', ['start', '--', ...flags], {
    cwd: ROOT,
    // The machine's own Node, as before any installation, and not that of the tests.
    env: { PATH: pathOfMachine(), HOME: process.env.HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  t.after(() => signalGroup(npm, 'SIGKILL'))
  let said = ''
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  for (const stream of [npm.stdout, npm.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('First run: open')) resolve()
    })
  }
  npm.once('close', () => reject(new Error(`It ended before it was ready:\n${said}`)))
  await promise
  return { npm, port, said: () => said }
}

function pathOfMachine(): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.filter((folder) => folder !== dirname(process.execPath) || !folder.startsWith(ROOT)).join(delimiter)
}

function signalGroup({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // The process group has ended.
  }
}

/** The output ends when npm, the launcher and the server, which can write to it, have all ended. */
async function endOf({ npm }: Started): Promise<void> {
  await once(npm, 'close')
}

async function assertStopped({ port, said }: Started, signal: NodeJS.Signals): Promise<void> {
  assert.match(said(), new RegExp(`"signal":"${signal}","msg":"stopping"`))
  // The server logs this line last, so it stopped by itself and was not killed.
  assert.match(said(), /"msg":"audit checkpoint written"/)
  const server = createServer().listen(port, 'localhost')
  await once(server, 'listening')
  server.close()
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} to npm start stops the server, and nothing is left behind`, async (t) => {
    const started = await npmStart(t)
    started.npm.kill(signal)
    await endOf(started)
    await assertStopped(started, signal)
  })

  leaveToTestAll()
}

test('Ctrl-C in a terminal reaches every program at once, and the server still ends in its own time', async (t) => {
  const started = await npmStart(t)
  signalGroup(started.npm, 'SIGINT')
  await endOf(started)
  await assertStopped(started, 'SIGINT')
})

test('a server whose npm was killed stops by itself', async (t) => {
  const started = await npmStart(t)
  const ended = once(started.npm, 'close')
  started.npm.kill('SIGKILL')
  await ended
  await assertStopped(started, 'SIGTERM')
})

test('npm start says which Node it runs on', async (t) => {
  const started = await npmStart(t)
  assert.match(started.said(), /Doorward runs on Node \d+\.\d+\.\d+/)
  started.npm.kill('SIGTERM')
  await endOf(started)
})
