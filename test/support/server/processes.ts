// The real program in processes of its own, with the real clock: for what needs several processes, or one that is killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { CHEAP_HASH } from '../../../clients/test/src/server-process.ts'
import { freePort } from './ports.ts'
import type { ClientReply, ClientRequest, ServerClient } from './server-client.ts'

/** The database, data folder and settings of a process; processes that share the first two are nodes of one server. */
export interface Installation {
  readonly databaseUrl: string
  readonly dataDir: string
  /** Settings by name, such as `session_idle: '2h'`. */
  readonly settings?: Readonly<Record<string, string>>
  /** Options of Node, such as `--import`. */
  readonly flags?: readonly string[]
  /** The path of Node, where it is not the test's own. */
  readonly node?: string
  /** The file descriptor for standard output, or `unread` for a pipe that is never read; by default a pipe that is read. */
  readonly stdout?: number | 'unread'
  /** The main module of another program than the one that is built from the sources. */
  readonly program?: string
  /** The port of the server; a free one by default. */
  readonly port?: number
}

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface ServerProcess extends ServerClient {
  readonly url: string
  readonly pid: number
  /** Everything that the process has printed on stderr. */
  stderr(): string
  /** Sends SIGTERM, as a supervisor does; resolves when the process has ended. */
  stop(): Promise<Ended>
  /** Sends a signal, `SIGKILL` by default; resolves when the process has ended. */
  kill(signal?: NodeJS.Signals): Promise<Ended>
}

const ROOT = join(import.meta.dirname, '..', '..', '..')
const PROGRAM = join(ROOT, 'dist', 'doorward.js')
/** Guards against hanging only. */
const STARTS_WITHIN = 300_000
const STOPS_WITHIN = 120_000
/** Attempts to start: another program may take the port between finding and binding it. */
const PORTS_TRIED = 3

/** Starts `serve` on loopback; resolves when it is ready. It is killed with the test at the latest. */
export async function startProcess(t: TestContext, installation: Installation): Promise<ServerProcess> {
  for (let tried = 1; ; tried++) {
    const port = installation.port ?? (await freePort())
    const running = launch(t, ['serve', '--port', String(port)], installation)
    const url = `http://127.0.0.1:${port}`
    const ended = await readyOrEnded(url, running)
    if (ended === undefined) return serverProcess(url, running)
    if (tried === PORTS_TRIED || !/Another program listens|^Error: Port \d+ on \S+ is in use/m.test(ended.stderr)) {
      throw new Error(`The program did not start (exit code ${ended.code}):\n${ended.stderr}${ended.stdout}`)
    }
  }
}

/** Runs a command of the program to its end; also `serve`, where it is expected to refuse. */
export function runCommand(t: TestContext, args: readonly string[], installation: Installation): Promise<Ended> {
  return launch(t, args, installation).ended
}

/** Starts `serve` and kills it after so many milliseconds, in whatever state it is. */
export async function killWhileStarting(t: TestContext, installation: Installation, after: number): Promise<Ended> {
  const { child, ended } = launch(t, ['serve', '--port', '0'], installation)
  await Promise.race([ended, sleep(after)])
  child.kill('SIGKILL')
  return ended
}

interface Launched {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  readonly stderr: () => string
}

/** A command line with its surroundings, as a shell runs it. */
export interface CommandLine {
  /** Without the program. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The command on the database and the data folder of an installation, in that folder, without the developer's own settings. */
export function commandLine(
  args: readonly string[],
  { databaseUrl, dataDir, settings = {} }: Installation,
): CommandLine {
  return {
    args: [...args, '--data-dir', dataDir, '--database-url', databaseUrl],
    cwd: dataDir,
    env: environmentWith({ host: '127.0.0.1', ...CHEAP_HASH, ...settings }),
  }
}

function launch(t: TestContext, words: readonly string[], installation: Installation): Launched {
  const { flags = [], node = process.execPath, program = PROGRAM, stdout } = installation
  const { args, cwd, env } = commandLine(words, installation)
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...flags, program, ...args], {
    cwd,
    stdio: ['ignore', typeof stdout === 'number' ? stdout : 'pipe', 'pipe'],
    env,
  })
  const said = { stdout: '', stderr: '' }
  if (stdout !== 'unread') child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
  const ended = once(child, stdout === 'unread' ? 'exit' : 'close').then(([code]): Ended => ({
    code: code as number | null,
    ...said,
  }))
  const end = (): unknown => child.kill('SIGKILL')
  process.once('exit', end)
  void ended.finally(() => process.off('exit', end))
  t.after(async () => {
    end()
    await ended
  })
  return { child, ended, stderr: () => said.stderr }
}

/** The environment without the developer's own settings. */
function environmentWith(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const variables = Object.entries(settings).map(([name, value]) => [`DOORWARD_${name.toUpperCase()}`, value])
  return { PATH: process.env.PATH, ...(Object.fromEntries(variables) as Record<string, string>) }
}

/** Undefined once the server is ready; its output and exit code where it ended before. */
async function readyOrEnded(url: string, { child, ended, stderr }: Launched): Promise<Ended | undefined> {
  const started = performance.now()
  while (performance.now() - started < STARTS_WITHIN) {
    const outcome = await Promise.race([ended, isReady(url)])
    if (outcome === true) return undefined
    if (outcome !== false) return outcome
    await sleep(20)
  }
  child.kill('SIGKILL')
  throw new Error(`The program was not ready in time:\n${stderr()}`)
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch {
    return false
  }
}

function serverProcess(url: string, { child, ended, stderr }: Launched): ServerProcess {
  const end = async (signal: NodeJS.Signals): Promise<Ended> => {
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN)
    return ended.finally(() => clearTimeout(late))
  }
  return {
    url,
    pid: child.pid ?? 0,
    stderr,
    now: () => Date.now(),
    ask: (method, path, request = {}) => askOver(url, method, path, request),
    stop: () => end('SIGTERM'),
    kill: (signal = 'SIGKILL') => end(signal),
  }
}

/** Rejects when the process has ended. */
async function askOver(
  url: string,
  method: string,
  path: string,
  { payload, form, token }: ClientRequest,
): Promise<ClientReply> {
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(payload !== undefined && { 'content-type': 'application/json' }),
  }
  const body = form === undefined ? payload && JSON.stringify(payload) : new URLSearchParams(form)
  const response = await fetch(url + path, { method, headers, ...(body !== undefined && { body }) })
  const text = await response.text()
  const json = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, body: json ? (JSON.parse(text) as Record<string, unknown>) : {}, text }
}
