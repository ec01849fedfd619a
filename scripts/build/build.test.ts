import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { readPresets } from '../../src/domain/clients/preset-reader.service.ts'
import type { Preset } from '../../src/domain/clients/preset.ts'
import { temporaryFolder } from '../../test/support/databases/temporary.ts'
import { leaveToTestAll, test } from '../../test/support/runner/scope.ts'

test('the built program behaves as the sources, and is not built again until they change', async (t) => {
  const project = await newProject(t)
  await build(project)
  assert.equal(await said(project), 'Good morning\n')
  const pointer = join(project, 'dist', 'doorward.js')
  const first = await stat(pointer)
  await build(project)
  assert.equal((await stat(pointer)).ino, first.ino, 'it was made anew without need')
  await greet(project, 'Good evening')
  await build(project)
  assert.equal(await said(project), 'Good evening\n')
})

leaveToTestAll()

test('each of several concurrent builds leaves a complete program and no unfinished files', async (t) => {
  const project = await newProject(t)
  await Promise.all([build(project), build(project), build(project)])
  assert.equal(await said(project), 'Good morning\n')
  const entries = await readdir(join(project, 'dist'))
  assert.deepEqual(
    entries.filter((name) => !/^(doorward\.js|swagger-ui|[0-9a-f]{16})$/.test(name)),
    [],
  )
  assert.equal((await buildsOf(project)).length, 1)
})

test('a running server finds its files after a build, and older builds are removed', async (t) => {
  const project = await newProject(t)
  await build(project)
  const [first = ''] = await buildsOf(project)
  await greet(project, 'Good evening')
  await build(project)
  assert.ok((await buildsOf(project)).includes(first))
  await greet(project, 'Good night')
  await build(project)
  const builds = await buildsOf(project)
  assert.deepEqual([builds.length, builds.includes(first)], [2, false])
})

test('invalid sources build nothing, and the previous build stays', async (t) => {
  const project = await newProject(t)
  await build(project)
  await writeFile(join(project, 'src', 'greeting.ts'), 'export const greeting: string = (')
  const { code, stderr } = await run(project, ['scripts/build/build.ts'])
  assert.equal(code, 1)
  assert.match(stderr, /greeting\.ts/)
  assert.equal(await said(project), 'Good morning\n')
  assert.equal((await buildsOf(project)).length, 1)
})

test('a program whose folder was removed is built again', async (t) => {
  const project = await newProject(t)
  await build(project)
  const [folder = ''] = await buildsOf(project)
  await rm(join(project, 'dist', folder), { recursive: true })
  await build(project)
  assert.equal(await said(project), 'Good morning\n')
})

test('a build has the two files of Swagger UI as the pinned package has them, and its licence with its version', async (t) => {
  const project = await newProject(t)
  await build(project)
  const original = join(import.meta.dirname, 'node_modules', '@fastify', 'swagger-ui')
  const { version } = JSON.parse(await readFile(join(original, 'package.json'), 'utf8')) as { version: string }
  const { dependencies } = JSON.parse(await readFile(join(import.meta.dirname, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  assert.equal(version, dependencies['@fastify/swagger-ui'])
  const copy = join(project, 'dist', 'swagger-ui')
  assert.deepEqual((await readdir(copy)).toSorted(), ['swagger-ui-bundle.js', 'swagger-ui.css'])
  for (const name of await readdir(copy))
    assert.ok((await readFile(join(copy, name))).equals(await readFile(join(original, 'static', name))), name)
  const [folder = ''] = await buildsOf(project)
  const licences = await readFile(join(project, 'dist', folder, 'LICENSES.txt'), 'utf8')
  assert.match(licences, /^swagger-ui \d+\.\d+\.\d+ \(Apache-2\.0\)$/m)
  assert.match(licences, /Apache License\s+Version 2\.0.*END OF TERMS AND CONDITIONS/s)
})

test('a build whose files of Swagger UI were removed is built again', async (t) => {
  const project = await newProject(t)
  await build(project)
  await rm(join(project, 'dist', 'swagger-ui'), { recursive: true })
  assert.equal((await run(project, ['scripts/build/build.ts', '--check'])).code, 1)
  await build(project)
  assert.equal((await readdir(join(project, 'dist', 'swagger-ui'))).length, 2)
  assert.equal((await run(project, ['scripts/build/build.ts', '--check'])).code, 0)
})

test('the built files are ASCII without comments, and print what the sources print', async (t) => {
  const project = await newProject(t)
  const words = [
    '/** Was sagt „hallo“? */',
    'const tagged = (parts: TemplateStringsArray) => parts.join("")',
    'export const greeting: string = "“Grüße”" + tagged` … ` + `🚪`',
  ]
  await writeFile(join(project, 'src', 'greeting.ts'), words.join('\n'))
  await build(project)
  assert.equal(await said(project), '“Grüße” … 🚪\n')
  const files = await readdir(join(project, 'dist'), { recursive: true })
  // What is in swagger-ui/ is for browsers, as its package has it.
  for (const file of files.filter((name) => name.endsWith('.js') && !name.startsWith('swagger-ui')))
    assert.match(await readFile(join(project, 'dist', file), 'utf8'), /^\p{ASCII}*$/u, file)
})

test('a build fails where escapes would change a text', async (t) => {
  const project = await newProject(t)
  await writeFile(join(project, 'src', 'greeting.ts'), 'export const greeting: string = String.raw`Grüße`')
  const { code, stderr } = await run(project, ['scripts/build/build.ts'])
  assert.equal(code, 1)
  assert.match(stderr, /String\.raw`Grüße` is not ASCII/)
})

test('a preset with a fault stops the build, which names its file, line and field, and the previous build stays', async (t) => {
  const project = await newProject(t)
  await build(project)
  const [before = ''] = await buildsOf(project)
  // The whole program: its sources read the presets.
  for (const path of ['package.json', 'src', 'presets'])
    await cp(join(ROOT, path), join(project, path), { recursive: true })
  await writeFile(
    join(project, 'presets', 'wiki.toml'),
    '# https://wiki.example\nkind = "web"\ntitle = "Wiki"\nabout = { en = "Wiki", de = "Wiki" }\nredirect_uris = ["{url}/x"]\nscopes = ["all"]\n',
  )
  const { code, stderr } = await run(project, ['scripts/build/build.ts'])
  assert.equal(code, 1)
  assert.match(stderr, /presets\/wiki\.toml line 6: scopes\.0: /)
  assert.deepEqual(await buildsOf(project), [before])
  await rm(join(project, 'presets', 'wiki.toml'))
  await build(project)
  const [made = ''] = (await buildsOf(project)).filter((name) => name !== before)
  const files = await readdir(join(project, 'dist', made))
  const list = files.find((name) => /^preset-list\..*\.js$/.test(name))
  assert.ok(list, 'the presets are in no file of their own')
  const { PRESETS } = (await import(pathToFileURL(join(project, 'dist', made, list)).href)) as {
    PRESETS: readonly Preset[]
  }
  // As JSON has it: without the fields that are undefined.
  assert.deepEqual(PRESETS, JSON.parse(JSON.stringify(readPresets(join(ROOT, 'presets')))))
  const others = files.filter((name) => name.endsWith('.js') && name !== list)
  for (const name of others) {
    const text = await readFile(join(project, 'dist', made, name), 'utf8')
    assert.ok(!text.includes('OAUTH2_OIDC_DISCOVERY_ENDPOINT'), `${name} has the settings of a preset`)
  }
})

const ROOT = join(import.meta.dirname, '..', '..')

/** A small project that is built by the build script with its tool. */
async function newProject(t: TestContext): Promise<string> {
  const project = await temporaryFolder(t)
  for (const folder of ['scripts/build', 'src/entry', 'src/foundation'])
    await mkdir(join(project, folder), { recursive: true })
  for (const name of [
    'build.ts',
    'presets.ts',
    'swagger-ui.ts',
    'swagger-ui-licence.txt',
    'package.json',
    'package-lock.json',
  ])
    await copyFile(join(import.meta.dirname, name), join(project, 'scripts', 'build', name))
  for (const folder of ['.', 'scripts/build'])
    await symlink(join(ROOT, folder, 'node_modules'), join(project, folder, 'node_modules'))
  await writeFile(join(project, 'package.json'), '{ "type": "module", "dependencies": {} }')
  await writeFile(join(project, 'package-lock.json'), '{}')
  await writeFile(
    join(project, 'src', 'entry', 'main.js'),
    "const { greeting } = await import('../greeting.ts')\nprocess.stdout.write(`${greeting}\\n`)\n",
  )
  await writeFile(join(project, 'src', 'foundation', 'password-hasher.worker.js'), '')
  await greet(project, 'Good morning')
  return project
}

async function buildsOf(project: string): Promise<string[]> {
  return (await readdir(join(project, 'dist'))).filter((name) => /^[0-9a-f]{16}$/.test(name))
}

function greet(project: string, words: string): Promise<void> {
  return writeFile(join(project, 'src', 'greeting.ts'), `export const greeting: string = '${words}'\n`)
}

async function build(project: string): Promise<void> {
  assert.deepEqual(await run(project, ['scripts/build/build.ts']), { code: 0, stdout: '', stderr: '' })
}

async function said(project: string): Promise<string> {
  return (await run(project, ['dist/doorward.js'])).stdout
}

async function run(project: string, args: readonly string[]) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}
