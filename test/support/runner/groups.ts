// Groups test files that share a process: starting it and loading the program costs more than most files take.
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { LONGEST } from './longest.ts'
import type { Scope } from './scope.ts'

/** Counts for each of the files what its tests cost. */
const COST = join(import.meta.dirname, 'cost.ts')
/** Of `npm test`. In the other scopes files take longer, so that smaller groups share the cores better. */
const LARGEST_OF_QUICK = 64
const LARGEST = 6

/**
 * Returns one path per process for the test runner: files written into `folder`, which import the tests below a folder of `src`, or up to six
 * of those below another folder of the project (64 in `npm test`); and alone each file of LONGEST, and each with snapshots, because the runner looks for them beside
 * the main file. The runner starts them in the order of their names: what takes long comes first, so that all cores have work up to the end.
 */
export function unitsOf(files: readonly string[], folder: string, scope: Scope): string[] {
  const largest = scope === 'quick' ? LARGEST_OF_QUICK : LARGEST
  const alone = files.filter(hasSnapshots)
  const longest = LONGEST[scope].filter((file) => files.includes(file) && !alone.includes(file))
  const groups = Map.groupBy(
    files.filter((file) => !alone.includes(file) && !longest.includes(file)),
    (file) => /^src\/[^/]+(?=\/)/.exec(file)?.[0] ?? file.split('/')[0] ?? file,
  )
  const [rules, others] = [[...groups].filter(isOfSource), [...groups].filter((group) => !isOfSource(group))]
  const units = [
    ...longest.map((file) => [file]),
    ...rules.map(([, members]) => members),
    ...others.flatMap(([, members]) => partsOf(members, largest)),
  ]
  return [...units.map((unit, index) => writeGroup(unit, join(folder, nameOf(unit, index)))), ...alone]
}

function isOfSource([folder]: readonly [folder: string, files: readonly string[]]): boolean {
  return folder.startsWith('src')
}

/** Parts of one length, as far as that is possible. */
function partsOf(files: readonly string[], largest: number): (readonly string[])[] {
  const count = Math.ceil(files.length / largest)
  const isIn = (part: number) => (_: string, index: number) => Math.floor((index * count) / files.length) === part
  return Array.from({ length: count }, (_, part) => files.filter(isIn(part)))
}

/** Sorted by their numbers. */
function nameOf([first = '']: readonly string[], index: number): string {
  return `${String(index).padStart(3, '0')}-${first.replaceAll('/', '-')}.mjs`
}

function hasSnapshots(file: string): boolean {
  return /assert\.(file)?snapshot\(/i.test(readFileSync(file, 'utf8'))
}

function writeGroup(files: readonly string[], path: string): string {
  const imports = files.map((file) => `await importTests(${JSON.stringify(resolve(file))})\n`)
  writeFileSync(path, `import { importTests } from ${JSON.stringify(COST)}\n${imports.join('')}`)
  return path
}
