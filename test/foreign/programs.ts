// Programs that npm cannot install: found on this machine, started for one test, stopped with it.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { TestContext } from 'node:test'

import { ROOT } from '../support/documentation/markdown.ts'
import { startedProgram, type StartedProgram, type StartOptions } from '../support/server/started-program.ts'

/** Debian installs services in a folder that only root has in its PATH. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']

export interface ForeignOptions extends Omit<StartOptions, 'cwd' | 'env'> {
  readonly env?: Readonly<Record<string, string>>
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

/** Starts a program of the machine; resolves when it is ready. It is stopped with the test at the latest. */
export function startProgram(
  t: TestContext,
  [name, ...args]: readonly [string, ...string[]],
  { env = {}, ...options }: ForeignOptions,
): Promise<StartedProgram> {
  return startedProgram(t, [requireProgram(name), ...args], {
    ...options,
    env: { PATH: FOLDERS.join(delimiter), ...env },
  })
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
