// The package as npm packs and installs it, in folders of its own; and programs that npm starts or installs.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { stagePackage } from '../../../scripts/package.ts'
import { temporaryFolder } from '../databases/temporary.ts'
import { freePort } from '../server/ports.ts'
import type { Ended } from '../server/processes.ts'
import { ROOT } from './markdown.ts'

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly engines: { readonly node: string }
}

export interface PackedFile {
  readonly path: string
  readonly size: number
  readonly mode: number
}

/** Arguments, working directory and additional environment variables of a program. */
export interface Call {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** The `package.json` of the clone. */
export async function manifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest
}

/** Every file that npm packs of the folder. */
export async function packedFiles(folder: string): Promise<readonly PackedFile[]> {
  const said = JSON.parse(await npm(folder, 'pack', '--dry-run', '--json')) as object
  const [packed] = Object.values(said) as { files: PackedFile[] }[]
  assert.ok(packed)
  return packed.files
}

/** Packs the files of the package with that version; returns the path of the tarball. */
export async function pack(t: TestContext, version: string): Promise<string> {
  const folder = await temporaryFolder(t)
  const copy = join(folder, 'copy')
  await mkdir(copy)
  stagePackage(copy)
  const staged = JSON.parse(await readFile(join(copy, 'package.json'), 'utf8')) as Manifest
  await writeFile(join(copy, 'package.json'), JSON.stringify({ ...staged, version }))
  const file = (await npm(copy, 'pack', '--silent')).trim()
  await rename(join(copy, file), join(folder, file))
  return join(folder, file)
}

/** Installs packages globally below `prefix`, from npm's cache where it has them; returns the folder of their programs. */
export async function installGlobally(prefix: string, ...packages: readonly string[]): Promise<string> {
  await npm(prefix, 'install', '-g', '--prefix', prefix, ...QUICKLY, ...packages)
  return join(prefix, 'bin')
}

/** Installs packages in a folder, as a project that depends on them does. */
export async function installIn(folder: string, ...packages: readonly string[]): Promise<void> {
  await npm(folder, 'install', '--prefix', folder, ...QUICKLY, ...packages)
}

const QUICKLY = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

/** Returns npm's stdout; fails where npm fails. */
export async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await call('npm', { args, cwd })
  assert.equal(code, 0, `npm ${args.join(' ')}:\n${stderr}`)
  return stdout
}

/** Runs a program to its end; `node` is that of the test unless the environment's PATH names another. */
export async function call(program: string, { args, cwd, env = {} }: Call): Promise<Ended> {
  const child = spawn(program, args, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close') as Promise<[number | null]>
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, stdout, stderr }
}

/** The environment without the settings of the product, of Node and of the npm script around the tests; npm's own stay. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(
    ([name]) =>
      !/^(DOORWARD_|DATABASE_URL$|NODE_|npm_(lifecycle|package|config_(global_)?prefix|config_local_prefix))/.test(
        name,
      ),
  )
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  return { ...Object.fromEntries(others), PATH, ...more }
}

/** Installs exactly that version of Node by npm into a folder of its own; returns the path of the program. */
export async function nodeOfVersion(t: TestContext, version: string): Promise<string> {
  const folder = await temporaryFolder(t)
  const { optionalDependencies } = JSON.parse(
    await readFile(join(ROOT, 'scripts', 'node', 'package.json'), 'utf8'),
  ) as { optionalDependencies: Record<string, string> }
  const suffix = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const name = Object.keys(optionalDependencies).find((one) => one.endsWith(suffix))
  assert.ok(name, `npm has no Node for ${suffix}`)
  await installIn(folder, `${name}@${version}`)
  return join(folder, 'node_modules', name, 'bin', 'node')
}

export interface Serving {
  readonly url: string
  /** The output until the server was ready. */
  readonly banner: string
  /** Sends SIGTERM and waits until the server has ended. */
  stop(): Promise<unknown>
}

/** On localhost a note is the last line of the banner; on a first start, the link to open. */
function isWhole(banner: string): boolean {
  return (
    banner.includes('HTTP is fine on localhost') &&
    (!banner.includes('Created a new') || /\/setup\/dwl_\S+\n/.test(banner))
  )
}

/** Starts `serve` on a free port of localhost; it ends with the test at the latest. */
export async function serve(t: TestContext, program: string, { args, cwd, env = {} }: Call): Promise<Serving> {
  const port = String(await freePort())
  const child = spawn(program, [...args, 'serve', '--port', port], {
    cwd,
    env: environment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close')
  const kill = (): unknown => child.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    process.off('exit', kill)
  }
  t.after(stop)
  let banner = ''
  for await (const said of child.stderr.setEncoding('utf8')) {
    banner += String(said)
    if (isWhole(banner)) break
  }
  assert.ok(banner.includes('ready in'), `it did not start:\n${banner}`)
  return { url: `http://localhost:${port}`, banner, stop }
}
