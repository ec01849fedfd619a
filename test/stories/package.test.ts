// The package that npm packs from a clone. package-installed.test.ts tests an installed one.
import assert from 'node:assert/strict'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { temporaryFolder } from '../support/databases/temporary.ts'
import { allPages, ROOT } from '../support/documentation/markdown.ts'
import { call, manifest, npm, packedFiles } from '../support/documentation/packed.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const [, LIST = ''] =
  /^const BUNDLED = \[([^\]]+)\]$/m.exec(readFileSync(join(ROOT, 'scripts/build/build.ts'), 'utf8')) ?? []
const BUNDLED = LIST.split(', ').map((name) => name.replaceAll("'", ''))
const [, BUILD = ''] = /'\.\/(\w+)\/main\.js'/.exec(readFileSync(join(ROOT, 'dist', 'doorward.js'), 'utf8')) ?? []

test('a package holds the program as it is built now, its assets, its licences and two pages, and nothing else', async () => {
  const files = await packedFiles()
  const built = globSync('*', { cwd: join(ROOT, 'dist', BUILD) }).filter((name) => !name.endsWith('.map'))
  const wanted = [
    'package.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'bin/doorward.js',
    'dist/doorward.js',
    ...built.map((name) => `dist/${BUILD}/${name}`),
    ...globSync('assets/**/*.{css,js,svg}', { cwd: ROOT }),
  ]
  assert.deepEqual(files.map(({ path }) => path).toSorted(), wanted.toSorted())
  assert.ok(built.includes('password-hasher.worker.js') && built.includes('sqlite-reader.worker.js'))
  const licences = readFileSync(join(ROOT, 'dist', BUILD, 'LICENSES.txt'), 'utf8')
  for (const name of [...BUNDLED, 'avvio', 'semver'])
    assert.match(licences, new RegExp(`^${name} \\d\\S* \\(\\S+\\)$`, 'm'))
  assert.equal(files.find(({ path }) => path === 'bin/doorward.js')?.mode, 0o755)
  assert.ok(files.reduce((sum, { size }) => sum + size, 0) < 4_500_000)
})

leaveToTestAll()

test('a package depends on what the built program imports, and on nothing else', async () => {
  const imported = globSync(`dist/${BUILD}/*.js`, { cwd: ROOT }).flatMap((file) =>
    [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(
        // The program requires by `load` what it needs only later, in places that cannot wait for an import; of a package that it
        // resolves, it serves files.
        /^import (?:.* from )?"([^".][^"]*)"|(?:import(?:\.meta\.resolve)?|\bload(?:\$\d+)?)\("([^".][^"]*)"\)/gm,
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
  const sbom = await npm(ROOT, 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline')
  const { components } = JSON.parse(sbom) as { components: readonly Component[] }
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, { readonly version: string; readonly dev?: boolean }>>
  }
  const locked = Object.entries(packages).filter(([path]) => path !== '')
  const wanted = locked.map(
    ([path, { version, dev = false }]) => `${path.split('node_modules/').at(-1)} ${version} ${dev}`,
  )
  const isForDevelopment = ({ properties }: Component) =>
    properties.some(({ name }) => name === 'cdx:npm:package:development')
  const named = components.map((one) => `${one.name} ${one.version} ${isForDevelopment(one)}`)
  assert.deepEqual(new Set(named), new Set(wanted))
  assert.ok(components.every(({ hashes }) => hashes.some(({ alg }) => alg === 'SHA-512')))
})

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

test('an older minor or patch number of a newer Node is no older Node', async (t) => {
  const folder = await temporaryFolder(t)
  for (const name of ['bin', 'dist']) await mkdir(join(folder, name))
  await copyFile(join(ROOT, 'bin', 'doorward.js'), join(folder, 'bin', 'doorward.js'))
  await writeFile(join(folder, 'dist', 'doorward.js'), "process.stdout.write('started')")
  const [major = 0] = process.versions.node.split('.').map(Number)
  for (const oldest of [`${major - 1}.999.999`, process.versions.node]) {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', engines: { node: `>=${oldest}` } }))
    const { code, stdout } = await call(process.execPath, { args: ['bin/doorward.js'], cwd: folder })
    assert.deepEqual([code, stdout], [0, 'started'])
  }
})

test('no page names an npm package to install that is not published: a stranger could publish it', async () => {
  const sources = globSync('{src,assets,bin}/**/*.{ts,js}', { cwd: ROOT })
  const texts = await Promise.all(
    sources.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })),
  )
  const telling = [...allPages(), ...texts].filter(({ text }) =>
    /\bnp(x|m (exec|install|i)) (-\S+ )*doorward(?!-|\.tgz|\w)/.test(text),
  )
  assert.deepEqual(
    telling.map(({ path }) => path),
    [],
  )
})
