// Test files that share a process: starting one, loading the program and compiling it costs more than most files take.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const LARGEST = 8

/**
 * What to give to the runner, one path a process: files written into `folder` that import the tests of a folder of `src`, or some of
 * another folder; and those with snapshots, which the runner looks for beside the process's main file.
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
