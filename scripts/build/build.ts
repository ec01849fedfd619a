// Makes dist/, the program as it is run: the sources in a few files, types stripped; packages stay in node_modules. Does nothing
// where the sources are those it was made from. What is made for them lies in a folder named by their hash, and dist/doorward.js
// points to it: two builds at once make the same, and a server that runs keeps the files it may still want to load.
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..', '..')
const DIST = join(ROOT, 'dist')
const POINTER = join(DIST, 'doorward.js')
/** A start that reads its 255 files one by one takes half as long again (decision 0038). */
const BUNDLED = 'kysely'

const name = hashOfSources()
const pointer = `// Made by \`npm run build\` from src/.\nimport './${name}/main.js'\n`
const isCurrent = readOrNothing(POINTER) === pointer && readOrNothing(join(DIST, name, 'main.js')) !== ''
// With --check the exit code says whether there is anything to build, which takes no tool to find out.
if (process.argv.includes('--check')) process.exitCode = isCurrent ? 0 : 1
else if (!isCurrent) await build()

async function build(): Promise<void> {
  const earlier = /'\.\/(\w+)\//.exec(readOrNothing(POINTER))?.[1] ?? name
  const unfinished = join(DIST, `${name}.${process.pid}`)
  try {
    await bundle(unfinished)
    copyFileSync(join(ROOT, 'node_modules', BUNDLED, 'LICENSE'), join(unfinished, `LICENSE-${BUNDLED}`))
    putInPlace(unfinished, join(DIST, name))
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  // Of what lies here a package holds this build only, without the maps to sources that it does not hold.
  writeFileSync(join(DIST, '.npmignore'), `*\n!doorward.js\n!${name}/\n!${name}/*\n*.map\n`)
  const newPointer = `${POINTER}.${process.pid}`
  writeFileSync(newPointer, pointer)
  renameSync(newPointer, POINTER)
  removeAllBut([name, earlier])
}

async function bundle(folder: string): Promise<void> {
  const { build: rolldown } = await import('rolldown')
  await rolldown({
    // Each thread begins with a file of its own.
    input: [join(ROOT, 'src', 'entry', 'main.js'), ...globSync(join(ROOT, 'src', '**', '*.worker.js'))],
    cwd: ROOT,
    platform: 'node',
    // Every package but that one; rolldown takes helper functions of its own from the other exception.
    external: new RegExp(String.raw`^(?!(${BUNDLED}|@oxc-project/runtime)(/|$))[\w@][^:]*$`),
    logLevel: 'silent',
    output: {
      dir: folder,
      format: 'esm',
      sourcemap: true,
      chunkFileNames: '[name]-[hash].js',
      // V8 keeps a text in twice the memory when one character of it is not ASCII.
      charset: 'ascii',
      comments: false,
    },
  })
}

/** Somebody else may have made the same meanwhile. */
function putInPlace(unfinished: string, folder: string): void {
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

/** Of everything the program is made from: our sources, what the lockfile pins, and this file. */
function hashOfSources(): string {
  mkdirSync(DIST, { recursive: true })
  const files = [
    'package.json',
    'package-lock.json',
    'scripts/build/package-lock.json',
    'scripts/build/build.ts',
    ...globSync('src/**/*.{ts,js}', { cwd: ROOT }).sort(),
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
