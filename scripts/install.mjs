// Runs before every npm script that needs the dependencies: installs what the lockfile pins, once.
// It runs on the machine's own Node (20 or newer), before anything is installed, so it is plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { takeLock } from './folder-lock.mjs'

const oldestNode = 26
const slowestInstall = 15 * 60_000
const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const markerFile = join(modules, '.doorward-lock')
const lockFile = join(root, '.doorward-installing')
const nodeBin = join(modules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

// The tree also depends on the platform: a folder shared between two machines is installed anew on each.
const lockfileHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const wanted = `${lockfileHash} ${process.platform}-${process.arch}\n`

if (!isInstalled()) {
  await takeTurn()
  if (!isInstalled()) install()
}
if (!existsSync(nodeBin)) requireOwnNode()

/** Two starts at once: one installs, the other waits and finds it done. */
async function takeTurn() {
  const waiting = () => say(`Another start is installing; waiting for it. (If none is, delete ${lockFile}.)`)
  try {
    await takeLock(lockFile, { waiting, longest: slowestInstall })
  } catch (error) {
    fail(
      `The dependencies are not installed as the lockfile says, and this folder cannot be locked (${error.message}).`,
    )
  }
  process.on('exit', () => rmSync(lockFile, { force: true }))
}

function isInstalled() {
  return readOrNothing(markerFile) === wanted
}

function install() {
  say('Installing what the lockfile pins (once)…')
  rmSync(markerFile, { force: true })
  const npm = npmCommand()
  const flags = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
  ]
  const { status, signal, error } = spawnSync(npm.file, [...npm.args, ...flags], {
    cwd: root,
    // npm's own output goes to stderr: the standard output belongs to the command that was asked for.
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: pathWithoutModules() },
    shell: npm.shell,
  })
  if (error) fail(`npm could not be started (${error.message}). Doorward needs Node 20 or newer and npm.`)
  if (status !== 0)
    fail(`npm ci failed (${signal ?? `exit code ${status}`}); what it said stands above. Nothing was started.`)
  requireOptionalPackages()
  dropUnusableNode()
  writeFileSync(markerFile, wanted)
}

/** The npm that runs us, on the Node that runs it; the one on PATH when started by hand or by another package manager. */
function npmCommand() {
  const cli = process.env.npm_execpath
  if (!cli || !/npm-cli\.[cm]?js$/.test(cli)) return { file: 'npm', args: [], shell: process.platform === 'win32' }
  const node = process.env.npm_node_execpath
  // `npm ci` empties node_modules: it must not run on the Node that lies there.
  return { file: node && !node.startsWith(modules) ? node : 'node', args: [cli], shell: false }
}

function pathWithoutModules() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== join(modules, '.bin'))
    .join(delimiter)
}

/**
 * The programs for this platform (Node itself, the password hashes, the test's PostgreSQL) are optional packages, and npm leaves
 * one out without a word when it cannot be fetched or is not what the lockfile says.
 */
function requireOptionalPackages() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
  const leftOut = Object.entries(packages)
    .filter(
      ([, { optional, os, cpu }]) =>
        optional && (os || cpu) && allows(os, process.platform) && allows(cpu, process.arch),
    )
    .filter(([, wants]) => process.platform !== 'linux' || allows(wants.libc, libc))
    .map(([path]) => path)
    .filter((path) => !existsSync(join(root, path, 'package.json')))
  if (leftOut.length === 0) return
  const names = leftOut.map((path) => path.split('node_modules/').at(-1)).join(', ')
  fail(`npm could not fetch ${names}, or what it fetched is not what the lockfile pins. Nothing was started.`)
}

/** npm's `os`, `cpu` and `libc`: a name or a list of names; a name with `!` in front is excluded. */
function allows(list, mine) {
  const names = [list ?? []].flat()
  if (names.includes(`!${mine}`)) return false
  const wanted = names.filter((name) => !name.startsWith('!'))
  return wanted.length === 0 || wanted.includes(mine) || wanted.includes('any')
}

/** On a libc that the packaged Node was not made for (Alpine's musl), take it out of the way of the machine's own. */
function dropUnusableNode() {
  if (!existsSync(nodeBin)) return
  const { status } = spawnSync(nodeBin, ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' })
  if (status !== 0) rmSync(nodeBin, { force: true })
}

/** Without a packaged Node the scripts run on the one on PATH, which is not always the one that runs this. */
function requireOwnNode() {
  const { stdout } = spawnSync('node', ['--version'], {
    env: { ...process.env, PATH: pathWithoutModules() },
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const version = stdout?.trim() || 'missing'
  if (Number.parseInt(version.slice(1)) >= oldestNode) return
  fail(
    `There is no packaged Node ${oldestNode} that runs on this machine (${process.platform}-${process.arch}), ` +
      `and the one on PATH is ${version}. Install Node ${oldestNode} or newer and start again.`,
  )
}

function readOrNothing(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`)
}

function fail(sentence) {
  say(sentence)
  process.exit(1)
}
