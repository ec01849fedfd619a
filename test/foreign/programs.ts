// Programs that npm cannot install: found on this machine, started for one test, stopped with it.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { ROOT } from '../support/documentation/markdown.ts'

/** Debian installs services in a folder that only root has in its PATH. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']
const STARTS_WITHIN = 30_000
const STOPS_WITHIN = 15_000

export interface ForeignProgram {
  /** Everything that the program has written to stdout and stderr. */
  output(): string
  /** Sends the signal `stopWith`; resolves when the program has ended. */
  stop(): Promise<void>
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly account?: { readonly uid?: number; readonly gid?: number }
  /** The signal that ends the program without waiting for its clients; `SIGTERM` by default. */
  readonly stopWith?: NodeJS.Signals
  /** Whether the program is ready; a rejection counts as not ready. */
  readonly ready: () => Promise<boolean>
}

/** The path of a program. Throws with the way to install it where the machine has none. */
export function requireProgram(name: string): string {
  const found = FOLDERS.map((folder) => join(folder, name)).find(isExecutable)
  if (found !== undefined) return found
  throw new Error(
    `${name} is not installed. On Debian, run scripts/foreign-programs.sh as root; elsewhere, put it on PATH.`,
  )
}

/**
 * The folder with the programs of the machine's own PostgreSQL, of its server and its clients. Debian keeps it out of PATH, and pg_config
 * prints it. Throws with the way to install them where the machine has none.
 */
export function installedPostgres(): string {
  const { status, stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  if (status === 0) return stdout.trim()
  throw new Error('no pg_config: install PostgreSQL with its programs; on Debian by scripts/foreign-programs.sh')
}

/** Starts a program that runs until it is stopped; resolves when it is ready. It is stopped with the test at the latest. */
export async function startProgram(
  t: TestContext,
  [name, ...args]: readonly [string, ...string[]],
  { env = {}, account = {}, stopWith = 'SIGTERM', ready }: StartOptions,
): Promise<ForeignProgram> {
  const child = spawn(requireProgram(name), args, {
    ...account,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: FOLDERS.join(delimiter), ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ended = once(child, 'close')
  const end = (): unknown => child.kill(stopWith)
  const stop = async (): Promise<void> => {
    end()
    const late = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN)
    await ended.finally(() => clearTimeout(late))
  }
  process.once('exit', end)
  t.after(() => stop().finally(() => process.off('exit', end)))
  await waitUntil(async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended (exit code ${child.exitCode}):\n${said}`)
    return ready().catch(() => false)
  }).catch((cause: unknown) => {
    throw new Error(`${name} did not start:\n${said}`, { cause })
  })
  return { output: () => said, stop }
}

/** Repeats the check until it returns true; rejects with what `check` throws, and after a time limit. */
export async function waitUntil(check: () => Promise<boolean>): Promise<void> {
  const late = performance.now() + STARTS_WITHIN
  while (!(await check())) {
    if (performance.now() > late) throw new Error(`It was not so within ${STARTS_WITHIN} ms.`)
    await sleep(20)
  }
}

/** A file of `deploy/` with other ports, paths or certificates. Throws where it lacks a text that is to be replaced. */
export function recipeWith(name: string, replacements: readonly (readonly [from: string, to: string])[]): string {
  let text = readFileSync(join(ROOT, 'deploy', name), 'utf8')
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`deploy/${name} does not hold: ${from}`)
    text = text.replaceAll(from, to)
  }
  return text
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
