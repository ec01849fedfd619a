// Groups test files that share a process: starting it and loading the program costs more than most files take.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const LARGEST = 16

/**
 * Returns one path per process for the test runner: files written into `folder`, which import the tests below a folder of `src` or
 * up to sixteen of another folder; and each file with snapshots alone, because the runner looks for snapshots beside the main file.
 */
export function unitsOf(files: readonly string[], folder: string): string[] {
  const alone = files.filter(hasSnapshots)
  const groups = Map.groupBy(
    files.filter((file) => !alone.includes(file)),
    (file) => /^src\/[^/]+(?=\/)/.exec(file)?.[0] ?? dirname(file),
  )
  const parts = [...groups].flatMap(([name, members]) =>
    partsOf(members, name.startsWith('src') ? members.length : LARGEST).map((part, index) => ({ name, index, part })),
  )
  return [
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
  writeFileSync(path, files.map((file) => `await import(${JSON.stringify(resolve(file))})\n`).join(''))
  return path
}
