// Starts the compared programs, each in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { freePort } from '#test/support/server/ports.ts'

const ROOT = join(import.meta.dirname, '..')
const START_TIMEOUT = 20_000
const QUIET = '--disable-warning=ExperimentalWarning'

export interface Program {
  readonly url: string
  readonly pid: number
  /** Milliseconds from the start of the process to the first answer. */
  readonly coldStart: number
  /** Resident memory in MiB. */
  memory(): number
  stop(): Promise<void>
}

/**
 * Starts the built program as `deploy/doorward.service` does. The installed command and `npm start` start Node twice.
 * @param root the folder of a checkout; by default this one
 */
export function startDoorward(settings: Readonly<Record<string, string>>, root = ROOT): Promise<Program> {
  const flag = ([name, value]: readonly [string, string]): string => `--${name.replaceAll('_', '-')}=${value}`
  const flagsAt = (port: string) => Object.entries({ ...settings, port, log_level: 'warn' }).map(flag)
  const { nodeFlags, env } = serviceOf(root)
  return start((port) => [...nodeFlags, join(root, 'dist', 'doorward.js'), 'serve', ...flagsAt(port)], { root, env })
}

/** The flags of Node, and the variable for the allocator if there is one, in the service unit of a checkout. */
function serviceOf(root: string): { nodeFlags: string[]; env: Readonly<Record<string, string>> } {
  const unit = readFileSync(join(root, 'deploy', 'doorward.service'), 'utf8')
  const flags = /^ExecStart=\S+ (--.*) \S+\/dist\/doorward\.js serve$/m.exec(unit)?.[1]
  if (flags === undefined) throw new Error('The service unit does not start dist/doorward.js with flags of Node')
  const arenas = /^Environment=MALLOC_ARENA_MAX=(\d+)$/m.exec(unit)?.[1]
  return { nodeFlags: flags.split(' '), env: arenas === undefined ? {} : { MALLOC_ARENA_MAX: arenas } }
}

export function startFloor(path: string, workers: number): Promise<Program> {
  return start((port) => [QUIET, 'bench/floor.ts', path, port, String(workers)])
}

export function startBetterAuth(path: string): Promise<Program> {
  const env = { NODE_ENV: 'production' }
  return start((port) => [QUIET, 'bench/better-auth/server.js', path, port], { health: '/api/auth/ok', env })
}

interface Options {
  /** The path that answers as soon as the program can serve. */
  readonly health?: string
  /** The working folder. */
  readonly root?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Starts Node with the arguments for a port, and resolves at the first answer. */
async function start(
  argsFor: (port: string) => readonly string[],
  { health = '/healthz', root = ROOT, env = {} }: Options = {},
): Promise<Program> {
  const port = String(await freePort())
  const begun = performance.now()
  const child = spawn(process.execPath, argsFor(port), {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  let errorOutput = ''
  child.stderr.on('data', (text: Buffer) => (errorOutput += text.toString()))
  const url = `http://127.0.0.1:${port}`
  if (!(await isAnswered(`${url}${health}`, child))) throw new Error(`The program did not answer: ${errorOutput}`)
  const coldStart = performance.now() - begun
  const pid = child.pid ?? 0
  return { url, pid, coldStart, memory: () => residentMebibytes(pid), stop: () => stop(child, url) }
}

/** Waits for the first answer; false if the program ends or the time is over before it. */
async function isAnswered(url: string, child: ChildProcess): Promise<boolean> {
  const end = performance.now() + START_TIMEOUT
  while (performance.now() < end && child.exitCode === null) {
    if ((await fetch(url).catch(() => undefined))?.ok) return true
    await pause(2)
  }
  return false
}

async function stop(child: ChildProcess, name: string): Promise<void> {
  if (child.exitCode !== null) throw new Error(`${name} ended by itself`)
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function residentMebibytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}
