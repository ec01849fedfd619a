// Builds dist/, the program as it runs: the sources in a few files without types; packages stay in node_modules. If dist/ was made from
// these sources, nothing is done. The output lies in a folder named for the hash of the sources, and dist/doorward.js points to it: two
// concurrent builds make the same folder, and a running server keeps the files that it may still load. dist/swagger-ui/ has the files of
// the page /docs.
import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { presetList } from './presets.ts'
import { copySwaggerUi, hasSwaggerUi, swaggerUiLicence } from './swagger-ui.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const DIST = join(ROOT, 'dist')
const POINTER = join(DIST, 'doorward.js')
/**
 * The dependencies that every start loads, some 400 files with what they need: a start that reads them one by one takes half as long again
 * (decision 0038). All others stay in node_modules, among them each with native code.
 */
const BUNDLED = ['commander', 'fastify', 'find-my-way', 'hono', 'kysely', 'pino', 'uqr']

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly dependencies: Readonly<Record<string, string>>
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
const declared = Object.keys(manifest.dependencies)

const name = hashOfSources()
const pointer = `// Made by \`npm run build\` from src/.\nimport './${name}/main.js'\n`
const isCurrent =
  readOrNothing(POINTER) === pointer && readOrNothing(join(DIST, name, 'main.js')) !== '' && hasSwaggerUi(DIST)
// With --check the exit code says whether a build is needed; the check needs no tool.
if (process.argv.includes('--check')) process.exitCode = isCurrent ? 0 : 1
else if (!isCurrent) await build()

async function build(): Promise<void> {
  const earlier = /'\.\/(\w+)\//.exec(readOrNothing(POINTER))?.[1] ?? name
  const unfinished = join(DIST, `${name}.${process.pid}`)
  try {
    const modules = await bundle(unfinished)
    writeFileSync(join(unfinished, 'LICENSES.txt'), licencesOf(modules))
    copySwaggerUi(DIST, unfinished)
    installBuild(unfinished, join(DIST, name))
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  const newPointer = `${POINTER}.${process.pid}`
  writeFileSync(newPointer, pointer)
  renameSync(newPointer, POINTER)
  removeAllBut([name, earlier])
}

/** Returns the paths of the files that the build consists of. */
async function bundle(folder: string): Promise<string[]> {
  const { build: rolldown } = await import('rolldown')
  const { output } = await rolldown({
    // Each worker thread begins with a file of its own.
    input: [join(ROOT, 'src', 'entry', 'main.js'), ...globSync(join(ROOT, 'src', '**', '*.worker.js'))],
    cwd: ROOT,
    platform: 'node',
    external: declared.filter((one) => !BUNDLED.includes(one)).map((one) => new RegExp(`^${one}(/|$)`)),
    logLevel: 'silent',
    plugins: [presetList(ROOT), { name: 'ascii', renderChunk: escaped }],
    output: {
      dir: folder,
      format: 'esm',
      sourcemap: true,
      // A clone has the sources; with a copy of them the maps would be twice as large.
      sourcemapExcludeSources: true,
      chunkFileNames: '[name]-[hash].js',
      // V8 stores a string in twice the memory if one of its characters is not Latin-1.
      charset: 'ascii',
      comments: false,
      // V8 keeps the text of each loaded file in memory. Names stay, so that a stack trace still names functions.
      minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
    },
  })
  return output.flatMap((chunk) => ('moduleIds' in chunk ? chunk.moduleIds : []))
}

/**
 * What `charset` leaves as it is, the text of tagged templates, as escapes too. The escape of a tag that reads the raw text would be another
 * text; the program has one, `String.raw`, and a build in which that holds other characters fails.
 */
function escaped(code: string): string {
  const raw = /String\.raw`[^`]*[^\p{ASCII}`][^`]*`/u.exec(code)?.[0]
  if (raw !== undefined) throw new Error(`${raw} is not ASCII`)
  return code.replaceAll(/[^\p{ASCII}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}

/** The name, version and licence of each package with a file among these, and of Swagger UI. */
function licencesOf(modules: readonly string[]): string {
  const folders = modules.map(
    (path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path.replaceAll('\\', '/'))?.[0],
  )
  const packages = [...new Set(folders)].filter((path) => path !== undefined).toSorted()
  return [...packages.map(licenceOf), swaggerUiLicence()].join(`\n${'-'.repeat(80)}\n\n`)
}

function licenceOf(folder: string): string {
  const { name: title, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
  if (license === undefined && file === undefined) throw new Error(`${title} has no licence`)
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8')}`
  return `${title} ${version} (${license ?? file})\n${text}`
}

/** A concurrent build may have made the same folder. */
function installBuild(unfinished: string, folder: string): void {
  try {
    renameSync(unfinished, folder)
  } catch (error) {
    if (readOrNothing(join(folder, 'main.js')) === '') throw error
  }
}

function removeAllBut(kept: readonly string[]): void {
  const folders = readdirSync(DIST).filter((entry) => /^[0-9a-f]{16}$/.test(entry) && !kept.includes(entry))
  for (const folder of folders) rmSync(join(DIST, folder), { recursive: true, force: true })
}

/** The hash of everything from which the program is made: the sources, the presets, the lockfiles and the files of the build. */
function hashOfSources(): string {
  mkdirSync(DIST, { recursive: true })
  const files = [
    'package.json',
    'package-lock.json',
    ...globSync(['scripts/build/*.{ts,json,txt}', 'src/**/*.{ts,js}', 'presets/*.toml'], { cwd: ROOT }).sort(),
  ]
  const hash = createHash('sha256')
  for (const file of files.filter((path) => !path.endsWith('.test.ts'))) {
    hash.update(`${file}\n`).update(
      createHash('sha256')
        .update(readFileSync(join(ROOT, file)))
        .digest(),
    )
  }
  return hash.digest('hex').slice(0, 16)
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
