import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, lstat, mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { freePort, temporaryFolder } from '#test/support/databases/temporary.ts'

const installing = 'Installing sample packages (once) …'
const neighbour = { name: 'neighbour', version: '1.0.0' }
const helper = { name: 'helper', version: '1.0.0' }
const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`

test('the first start installs, the second prints nothing, and a changed lockfile installs again', async (t) => {
  const project = await newProject(t, '1.0.0')
  assert.ok((await start(project)).said.includes(installing))
  assert.deepEqual(await start(project), { code: 0, said: '' })
  await writeManifest(project, '1.0.1')
  assert.ok((await start(project)).said.includes(installing))
})

test('development packages are added by the first test, beside the installed ones, and stay for later starts', async (t) => {
  const project = await newProject(t, '1.0.0')
  const modules = join(project, 'node_modules')
  await start(project)
  assert.deepEqual(await packagesIn(modules), ['neighbour'])
  const before = await lstat(join(modules, 'neighbour'))
  assert.equal((await start(project, { development: true })).code, 0)
  assert.deepEqual(await packagesIn(modules), ['helper', 'neighbour'])
  // A running server could not load its remaining files if the folder were emptied first.
  assert.equal((await lstat(join(modules, 'neighbour'))).ino, before.ino)
  assert.deepEqual(await start(project), { code: 0, said: '' })
  assert.deepEqual(await packagesIn(modules), ['helper', 'neighbour'])
})

test('of three concurrent starts one installs and all continue', async (t) => {
  const project = await newProject(t, '1.0.0')
  const starts = await Promise.all([start(project), start(project), start(project)])
  assert.deepEqual(
    starts.map(({ code }) => code),
    [0, 0, 0],
  )
  assert.equal(starts.filter(({ said }) => said.includes(installing)).length, 1)
  assert.deepEqual(await locksIn(project), [])
})

test('the lock of a killed install does not block the next one', async (t) => {
  const project = await newProject(t, '1.0.0')
  const killed = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' })
  await once(killed, 'exit')
  await writeFile(join(project, '.doorward-installing'), `${killed.pid}\n`)
  assert.ok((await start(project)).said.includes(installing))
})

test('a lock older than any install is replaced although its process number is in use', async (t) => {
  const project = await newProject(t, '1.0.0')
  const lock = join(project, '.doorward-installing')
  await writeFile(lock, `${process.pid}\n`)
  await utimes(lock, 1, 1)
  assert.ok((await start(project)).said.includes(installing))
  assert.deepEqual(await locksIn(project), [])
})

test('a failure of npm stops the start', async (t) => {
  const project = await newProject(t, '1.0.0')
  await writeFile(join(project, 'package-lock.json'), '{')
  const { code, said } = await start(project)
  assert.equal(code, 1)
  assert.match(said, /npm ci failed/)
})

test('a package of this platform that npm skipped stops the start', async (t) => {
  const project = await newProject(t, '1.0.0')
  // npm succeeds: the package is optional, and no server answers at its URL.
  const url = `http://127.0.0.1:${await freePort()}/program.tgz`
  const program = { version: '1.0.0', resolved: url, integrity, optional: true, os: [process.platform] }
  await writeManifest(project, '1.0.0', { program: url }, { 'node_modules/program': program })
  const { code, said } = await start(project)
  assert.equal(code, 1)
  assert.match(said, /npm could not fetch program/)
})

async function newProject(t: TestContext, version: string): Promise<string> {
  const project = await temporaryFolder(t)
  await mkdir(join(project, 'scripts'))
  for (const name of ['install.mjs', 'folder-lock.mjs', 'say.mjs']) {
    await copyFile(join(import.meta.dirname, name), join(project, 'scripts', name))
  }
  for (const one of [neighbour, helper]) {
    await mkdir(join(project, one.name))
    await writeFile(join(project, one.name, 'package.json'), JSON.stringify(one))
  }
  await writeManifest(project, version)
  return project
}

/** A project that depends on folders beside it, for which npm needs no network; the rest is as in this repository. */
async function writeManifest(project: string, version: string, optionalDependencies = {}, locked = {}): Promise<void> {
  const dependencies = { neighbour: 'file:neighbour' }
  const devDependencies = { helper: 'file:helper' }
  const manifest = { name: 'sample', version, dependencies, devDependencies, optionalDependencies }
  const packages = {
    '': manifest,
    neighbour,
    helper: { ...helper, dev: true },
    'node_modules/neighbour': { resolved: 'neighbour', link: true },
    'node_modules/helper': { resolved: 'helper', link: true },
    ...locked,
  }
  const lockfile = { name: 'sample', version, lockfileVersion: 3, packages }
  await writeFile(join(project, 'package.json'), JSON.stringify({ ...manifest, private: true }))
  await writeFile(join(project, 'package-lock.json'), JSON.stringify(lockfile))
}

async function packagesIn(modules: string): Promise<string[]> {
  return (await readdir(modules)).filter((name) => !name.startsWith('.')).toSorted()
}

async function locksIn(project: string): Promise<string[]> {
  return (await readdir(project)).filter((name) => name.startsWith('.doorward-installing'))
}

async function start(project: string, { development = false } = {}): Promise<{ code: number | null; said: string }> {
  const program = `
    const { install } = await import(${JSON.stringify(pathToFileURL(join(project, 'scripts', 'install.mjs')))})
    await install(${JSON.stringify(project)}, { what: 'sample packages', development: ${development} })`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, npm_config_fetch_retries: '0' },
  })
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number | null]>])
  return { code, said }
}
