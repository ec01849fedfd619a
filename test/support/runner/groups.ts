// Groups test files that share a process: starting it and loading the program costs more than most files take.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

import type { Scope } from './scope.ts'

/** Counts for each of the files what its tests cost. */
const COST = join(import.meta.dirname, 'cost.ts')
const LARGEST = 16
/** Exhaustive tests take longer, so that smaller groups share the cores better. */
const LARGEST_OF_EXHAUSTIVE = 4
/** Takes longer than any other file, except in `npm test`. */
const LONGEST = 'test/attacks/recovery-walk.test.ts'

/**
 * Returns one path per process for the test runner: files written into `folder`, which import the tests below a folder of `src` or
 * up to sixteen of another folder, four where only exhaustive tests run; and each file with snapshots alone, because the runner looks for
 * snapshots beside the main file. The runner starts them in the order of their names, so that the name of the longest one comes first.
 */
export function unitsOf(files: readonly string[], folder: string, scope: Scope): string[] {
  const largest = scope === 'exhaustive' ? LARGEST_OF_EXHAUSTIVE : LARGEST
  const alone = files.filter(hasSnapshots)
  const longest: readonly string[] = scope === 'quick' ? [] : files.filter((file) => file === LONGEST)
  const groups = Map.groupBy(
    files.filter((file) => !alone.includes(file) && !longest.includes(file)),
    (file) => /^src\/[^/]+(?=\/)/.exec(file)?.[0] ?? dirname(file),
  )
  const parts = [...groups].flatMap(([name, members]) =>
    partsOf(members, name.startsWith('src') ? members.length : largest).map((part, index) => ({ name, index, part })),
  )
  return [
    ...longest.map((file) => writeGroup([file], join(folder, '0-longest.mjs'))),
    ...parts.map(({ name, index, part }) =>
      writeGroup(part, join(folder, `${name.replaceAll('/', '-')}-${index + 1}.mjs`)),
    ),
    ...alone,
  ]
}

function partsOf(files: readonly string[], largest: number): (readonly string[])[] {
  return Array.from({ length: Math.ceil(files.length / largest) }, (_, index) =>
    files.slice(index * largest, (index + 1) * largest),
  )
}

function hasSnapshots(file: string): boolean {
  return /assert\.(file)?snapshot\(/i.test(readFileSync(file, 'utf8'))
}

function writeGroup(files: readonly string[], path: string): string {
  const imports = files.map((file) => `await importTests(${JSON.stringify(resolve(file))})\n`)
  writeFileSync(path, `import { importTests } from ${JSON.stringify(COST)}\n${imports.join('')}`)
  return path
}
