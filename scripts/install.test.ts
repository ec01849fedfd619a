import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, lstat, mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { freePort, temporaryFolder } from '../test/support/databases/temporary.ts'

const installing = 'Installing sample packages (once) …'
const neighbour = { name: 'neighbour', version: '1.0.0' }
const helper = { name: 'helper', version: '1.0.0' }
const integrity = `sha512-${Buffer.alloc(64).toString('base64')}`

test('the first start installs, the second says nothing, and a changed lockfile installs again', async (t) => {
  const project = await newProject(t, '1.0.0')
  assert.ok((await start(project)).said.includes(installing))
  assert.deepEqual(await start(project), { code: 0, said: '' })
  await writeManifest(project, '1.0.1')
  assert.ok((await start(project)).said.includes(installing))
})

test('what only tests need comes with the first test, beside what is there, and stays for the starts after it', async (t) => {
  const project = await newProject(t, '1.0.0')
  const modules = join(project, 'node_modules')
  await start(project)
  assert.deepEqual(await packagesIn(modules), ['neighbour'])
  const before = await lstat(join(modules, 'neighbour'))
  assert.equal((await start(project, { development: true })).code, 0)
  assert.deepEqual(await packagesIn(modules), ['helper', 'neighbour'])
  // A server that runs would miss what it has still to load, were the folder emptied and filled again.
  assert.equal((await lstat(join(modules, 'neighbour'))).ino, before.ino)
  assert.deepEqual(await start(project), { code: 0, said: '' })
  assert.deepEqual(await packagesIn(modules), ['helper', 'neighbour'])
})

test('of three starts at once one installs and all go on', async (t) => {
  const project = await newProject(t, '1.0.0')
  const starts = await Promise.all([start(project), start(project), start(project)])
  assert.deepEqual(
    starts.map(({ code }) => code),
    [0, 0, 0],
  )
  assert.equal(starts.filter(({ said }) => said.includes(installing)).length, 1)
  assert.deepEqual(await locksIn(project), [])
})

test('a lock left behind by an install that was killed does not hold up the next one', async (t) => {
  const project = await newProject(t, '1.0.0')
  const killed = spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' })
  await once(killed, 'exit')
  await writeFile(join(project, '.doorward-installing'), `${killed.pid}\n`)
  assert.ok((await start(project)).said.includes(installing))
})

test('a lock older than any install is taken over although its process number is in use', async (t) => {
  const project = await newProject(t, '1.0.0')
  const lock = join(project, '.doorward-installing')
  await writeFile(lock, `${process.pid}\n`)
  await utimes(lock, 1, 1)
  assert.ok((await start(project)).said.includes(installing))
  assert.deepEqual(await locksIn(project), [])
})

test('nothing goes on when npm fails', async (t) => {
  const project = await newProject(t, '1.0.0')
  await writeFile(join(project, 'package-lock.json'), '{')
  const { code, said } = await start(project)
  assert.equal(code, 1)
  assert.match(said, /npm ci failed/)
})

test('nothing goes on when npm leaves out a package that this platform needs', async (t) => {
  const project = await newProject(t, '1.0.0')
  // npm installs without complaint: the package is optional, and nothing answers at its address.
  const address = `http://127.0.0.1:${await freePort()}/program.tgz`
  const program = { version: '1.0.0', resolved: address, integrity, optional: true, os: [process.platform] }
  await writeManifest(project, '1.0.0', { program: address }, { 'node_modules/program': program })
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

/** A project that depends on folders beside it: npm needs no network for them, and everything else is as in ours. */
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
