// Installs what a lockfile pins. It runs on the machine's own Node (20 or newer) before any package is installed, so it is plain JavaScript
// without dependencies.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { takeLock } from './folder-lock.mjs'
import { fail, say } from './say.mjs'

const slowestInstall = 15 * 60_000
const progressInterval = 5_000

/**
 * Installs the packages of `folder`, once: those that run the program, and with `development` those that test it too. A second process
 * waits for the first. If only development packages are missing, they are added, so that a running server can still load its files. Ends
 * the process with a sentence if npm fails.
 */
export async function install(folder, { what, development = false }) {
  if (isInstalled(folder, development)) return
  const lockFile = join(folder, '.doorward-installing')
  const release = await takeTurn(lockFile)
  if (!isInstalled(folder, development)) await runNpm(folder, { what, development })
  release()
}

/** Whether the development packages are installed there. */
export function isForDevelopment(folder) {
  return readOrNothing(markerOf(folder)) === markFor(folder, true)
}

/** Resolves to a function that releases the lock, when this process holds it. The end of this process releases it too. */
export async function takeTurn(lockFile) {
  const waiting = () => say(`Another start is installing; waiting for it. (If none is, delete ${lockFile}.)`)
  try {
    await takeLock(lockFile, { waiting, longest: slowestInstall })
  } catch (error) {
    fail(
      `The dependencies are not installed as the lockfile says, and this folder cannot be locked (${error.message}).`,
    )
  }
  const release = () => rmSync(lockFile, { force: true })
  process.once('exit', release)
  return () => {
    process.off('exit', release)
    release()
  }
}

function isInstalled(folder, development) {
  const marker = readOrNothing(markerOf(folder))
  return marker === markFor(folder, true) || (!development && marker === markFor(folder, false))
}

function markerOf(folder) {
  return join(folder, 'node_modules', '.doorward-lock')
}

/** The tree depends on the platform too: a folder shared between two machines is installed again on each. */
function markFor(folder, development) {
  const hash = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json')))
  return `${hash.digest('hex')} ${process.platform}-${process.arch}${development ? ' development' : ''}\n`
}

async function runNpm(folder, { what, development }) {
  const lacksDevelopment = development && readOrNothing(markerOf(folder)) === markFor(folder, false)
  rmSync(markerOf(folder), { force: true })
  const done = announce(what)
  // `npm ci` empties node_modules first, which would remove files that a running server still has to load.
  const command = lacksDevelopment ? ['install', '--no-save'] : ['ci']
  await npm(folder, [...command, development ? '--include=dev' : '--omit=dev'])
  requireOptionalPackages(folder, development)
  writeFileSync(markerOf(folder), markFor(folder, development))
  done()
}

/** Prints that the installation runs, and every few seconds that it still does, also without a terminal. */
function announce(what) {
  const started = performance.now()
  const seconds = () => `${Math.round((performance.now() - started) / 1000)} s`
  say(`Installing ${what} (once) …`)
  const timer = setInterval(() => say(`  still installing ${what}, ${seconds()} …`), progressInterval)
  return () => {
    clearInterval(timer)
    say(`  installed ${what} in ${seconds()}`)
  }
}

async function npm(folder, words) {
  const { file, args, shell } = npmCommand()
  const flags = ['--include=optional', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund']
  const child = spawn(file, [...args, ...words, ...flags], {
    cwd: folder,
    // npm's errors go to standard error. Its other output is discarded, since standard output belongs to the program.
    stdio: ['ignore', 'ignore', 2],
    env: { ...process.env, PATH: pathWithoutModules() },
    shell,
  })
  // The end of this process also ends npm, which would otherwise change a folder that another start is about to install.
  const end = () => child.kill()
  process.once('exit', end)
  const [code, signal] = await once(child, 'close').catch((error) =>
    fail(`npm could not be started (${error.message}). Doorward needs Node 20 or newer and npm.`),
  )
  process.off('exit', end)
  if (code === 0) return
  fail(`npm ${words[0]} failed (${signal ?? `exit code ${code}`}); its messages are above. Nothing was started.`)
}

/** The npm that runs this script, on its own Node; else the one on PATH. */
export function npmCommand() {
  const cli = process.env.npm_execpath
  if (!cli || !/npm-cli\.[cm]?js$/.test(cli)) return { file: 'npm', args: [], shell: process.platform === 'win32' }
  return { file: process.env.npm_node_execpath ?? 'node', args: [cli], shell: false }
}

/** The PATH without node_modules/.bin: npm must not run on a Node that it is about to replace. */
function pathWithoutModules() {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.filter((folder) => !/[\\/]node_modules[\\/]\.bin$/.test(folder)).join(delimiter)
}

/**
 * Fails if a package for this platform (Node itself, the password hashes, the tests' PostgreSQL) is missing. These packages are optional,
 * and npm silently skips one that it cannot download or whose hash differs from the lockfile.
 */
function requireOptionalPackages(folder, development) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
  const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
  const leftOut = Object.entries(packages)
    .filter(([, { dev, devOptional }]) => development || !(dev || devOptional))
    .filter(
      ([, { optional, os, cpu }]) =>
        optional && (os || cpu) && allows(os, process.platform) && allows(cpu, process.arch),
    )
    .filter(([, wants]) => process.platform !== 'linux' || allows(wants.libc, libc))
    .map(([path]) => path)
    .filter((path) => !existsSync(join(folder, path, 'package.json')))
  if (leftOut.length === 0) return
  const names = leftOut.map((path) => path.split('node_modules/').at(-1)).join(', ')
  fail(`npm could not fetch ${names}, or what it fetched is not what the lockfile pins. Nothing was started.`)
}

/** Evaluates npm's `os`, `cpu` and `libc`: a name or a list of names; a name with `!` in front is excluded. */
function allows(list, own) {
  const names = [list ?? []].flat()
  if (names.includes(`!${own}`)) return false
  const wanted = names.filter((name) => !name.startsWith('!'))
  return wanted.length === 0 || wanted.includes(own) || wanted.includes('any')
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
