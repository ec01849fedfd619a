// The package that npm packs from a clone. package-installed.test.ts tests an installed one.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { stagePackage } from '../../scripts/package.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { allPages, readPage, relativeLinks, ROOT } from '../support/documentation/markdown.ts'
import { call, type Manifest, manifest, npm, packedFiles } from '../support/documentation/packed.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const [, LIST = ''] =
  /^const BUNDLED = \[([^\]]+)\]$/m.exec(readFileSync(join(ROOT, 'scripts/build/build.ts'), 'utf8')) ?? []
const BUNDLED = LIST.split(', ').map((name) => name.replaceAll("'", ''))
const [, BUILD = ''] = /'\.\/(\w+)\/main\.js'/.exec(readFileSync(join(ROOT, 'dist', 'doorward.js'), 'utf8')) ?? []

test('a package holds the program as it is built now, its assets, its licences and two pages, and nothing else', async (t) => {
  const files = await packedFiles(await staged(t))
  const built = globSync('*', { cwd: join(ROOT, 'dist', BUILD) }).filter((name) => !name.endsWith('.map'))
  const wanted = [
    'package.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'bin/doorward.js',
    'dist/doorward.js',
    ...built.map((name) => `dist/${BUILD}/${name}`),
    'dist/swagger-ui/swagger-ui.css',
    'dist/swagger-ui/swagger-ui-bundle.js',
    ...globSync('assets/**/*.{css,js,svg,txt,woff2}', { cwd: ROOT }),
  ]
  assert.deepEqual(files.map(({ path }) => path).toSorted(), wanted.toSorted())
  assert.ok(built.includes('password-hasher.worker.js') && built.includes('sqlite-reader.worker.js'))
  const licences = readFileSync(join(ROOT, 'dist', BUILD, 'LICENSES.txt'), 'utf8')
  for (const name of [...BUNDLED, 'avvio', 'semver', 'swagger-ui'])
    assert.match(licences, new RegExp(`^${name} \\d\\S* \\(\\S+\\)$`, 'm'))
  assert.equal(files.find(({ path }) => path === 'bin/doorward.js')?.mode, 0o755)
  assert.ok(files.reduce((sum, { size }) => sum + size, 0) < 6_500_000)
})

leaveToTestAll()

test('each link of the pages in a package leads to one of its files or to another site', async (t) => {
  const folder = await staged(t)
  for (const name of ['README.md', 'CHANGELOG.md']) {
    const links = relativeLinks({ prose: readFileSync(join(folder, name), 'utf8') })
    const dead = links.filter((target) => !existsSync(join(folder, target)))
    assert.deepEqual(dead, [], name)
  }
})

test('the README of a package is written for people who have no clone', async (t) => {
  const readme = readFileSync(join(await staged(t), 'README.md'), 'utf8')
  assert.match(readme, /^doorward serve$/m)
  assert.doesNotMatch(readme, /\bnpm (start|test|run)\b|\bgit clone\b|<img/)
  assert.ok(readme.includes((await manifest()).engines.node.replace('>=', '').replace(/\.0$/, '')))
})

test('the manifest of a package describes it, and has nothing that is for a clone', async (t) => {
  const packed = JSON.parse(readFileSync(join(await staged(t), 'package.json'), 'utf8')) as Record<string, unknown>
  for (const field of ['description', 'keywords', 'author', 'license', 'engines', 'bin', 'dependencies'])
    assert.deepEqual(packed[field], (await manifest())[field as keyof Manifest], field)
  for (const field of ['scripts', 'devDependencies', 'allowScripts', 'imports'])
    assert.equal(packed[field], undefined, field)
})

test('docs/releasing.md names each address that the manifest of the package lacks', async () => {
  const sections = readPage('docs/releasing.md').text.split(/^## /m)
  const unknown = sections.find((section) => section.startsWith('What is not known')) ?? ''
  for (const field of ['repository', 'homepage', 'bugs'])
    assert.equal(unknown.includes(`\`${field}\``), !(field in (await manifest())), field)
})

test('npm pack in a clone is refused, and names the command that makes the package', async () => {
  const { code, stderr } = await call('npm', { args: ['pack', '--dry-run'], cwd: ROOT })
  assert.equal(code, 1)
  assert.match(stderr, /made by: npm run package/)
})

/** A folder with the files of the package. */
async function staged(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t)
  stagePackage(folder)
  return folder
}

test('a package depends on what the built program imports, and on nothing else', async () => {
  const imported = globSync(`dist/${BUILD}/*.js`, { cwd: ROOT }).flatMap((file) =>
    [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(
        // The program requires by `load` what it needs only later, in code that cannot wait for an import.
        /\bimport(?:[\w$*{}, ]*?\bfrom)?["`]([\w@][\w@/-]*)["`]|(?:import|\bload(?:\$\d+)?)\(["`]([\w@][\w@/-]*)["`]\)/g,
      ),
    ]
      .map(([, one, other]) => one ?? other ?? '')
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]),
  )
  // As dependencies the bundled ones are seen by `npm audit`, and a clone builds with them (decision 0038).
  const needed = new Set<string | undefined>([...imported, ...BUNDLED])
  const named = new Set<string | undefined>(Object.keys((await manifest()).dependencies))
  assert.deepEqual(named, needed)
})

interface Component {
  readonly name: string
  readonly version: string
  readonly hashes: readonly { readonly alg: string }[]
  readonly properties: readonly { readonly name: string }[]
}

test('the bill of materials names each package with its version and hash, and says which are for development only', async () => {
  for (const folder of ['.', 'scripts/build']) {
    const sbom = await npm(join(ROOT, folder), 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline')
    const { components } = JSON.parse(sbom) as { components: readonly Component[] }
    const wanted = locked(folder).map(
      ([path, { version, dev = false }]) => `${path.split('node_modules/').at(-1)} ${version} ${dev}`,
    )
    const isForDevelopment = ({ properties }: Component) =>
      properties.some(({ name }) => name === 'cdx:npm:package:development')
    const named = components.map((one) => `${one.name} ${one.version} ${isForDevelopment(one)}`)
    assert.deepEqual(new Set(named), new Set(wanted), folder)
    assert.ok(components.every(({ hashes }) => hashes.some(({ alg }) => alg === 'SHA-512')))
  }
})

// Each of them is downloaded before the first start of a clone, and its code could run in the server (decision 0019).
test('the program needs at most 149 packages on every platform, without those of one platform', () => {
  const needed = locked('.').filter(([, { dev, devOptional, optional }]) => !(dev || devOptional || optional))
  assert.ok(needed.length <= 149, `${needed.length}`)
})

interface Locked {
  readonly version: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
}

/** The packages of a lockfile, by path. */
function locked(folder: string): (readonly [string, Locked])[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, folder, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>
  }
  return Object.entries(packages).filter(([path]) => path !== '')
}

test('a version is pinned exactly of each package that is installed beside the program', async () => {
  const { dependencies } = await manifest()
  for (const [name, version] of Object.entries(dependencies)) assert.match(version, /^\d+\.\d+\.\d+$/, name)
})

test('the command refuses an older Node than it needs with one sentence and exit code 2', async (t) => {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'bin'))
  await copyFile(join(ROOT, 'bin', 'doorward.js'), join(folder, 'bin', 'doorward.js'))
  const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number)
  for (const newer of [`${major + 1}.0.0`, `${major}.${minor + 1}.0`, `${major}.${minor}.${patch + 1}`]) {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', engines: { node: `>=${newer}` } }))
    const refused = await call(process.execPath, { args: ['bin/doorward.js', 'version'], cwd: folder })
    const said = `Doorward needs Node ${newer} or newer, and this is Node ${process.versions.node}.\n`
    assert.deepEqual(refused, { code: 2, stdout: '', stderr: said })
  }
})

test('an older minor or patch number of a newer Node is no older Node, and the program gets the memory pools of the service', async (t) => {
  const folder = await temporaryFolder(t)
  for (const name of ['bin', 'dist']) await mkdir(join(folder, name))
  await copyFile(join(ROOT, 'bin', 'doorward.js'), join(folder, 'bin', 'doorward.js'))
  await writeFile(join(folder, 'dist', 'doorward.js'), 'process.stdout.write(`arenas ${process.env.MALLOC_ARENA_MAX}`)')
  const [major = 0] = process.versions.node.split('.').map(Number)
  for (const oldest of [`${major - 1}.999.999`, process.versions.node]) {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', engines: { node: `>=${oldest}` } }))
    const { code, stdout } = await call(process.execPath, { args: ['bin/doorward.js'], cwd: folder })
    assert.deepEqual([code, stdout], [0, 'arenas 2'])
  }
})

test('no page names an npm package to install that is not published: a stranger could publish it', async () => {
  const sources = globSync('{src,assets,bin}/**/*.{ts,js}', { cwd: ROOT })
  const texts = await Promise.all(
    sources.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })),
  )
  const naming = [...allPages(), ...texts].filter(({ text }) =>
    /\bnp(x|m (exec|install|i)) (-\S+ )*doorward(?!-|\.tgz|\w)/.test(text),
  )
  assert.deepEqual(
    naming.map(({ path }) => path),
    [],
  )
})
